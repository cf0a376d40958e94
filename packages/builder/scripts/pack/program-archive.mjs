import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './places.mjs';

/** Of the checkout, in addition to its packages. pnpm-lock.yaml and tsconfig.json decide how the agent is bundled. */
const FILES = ['LICENSE', 'examples', 'package.json', 'pnpm-lock.yaml', 'systemd', 'tsconfig.json'];

/** What no build reads. Prebuilt programs of some packages are for other JavaScript engines. */
const LEFT_OUT = [
  ...['*.test.ts', '*.testdata.*', '__snapshots__', 'broken-seeds', '*.d.ts', '*.d.cts', '*.d.mts'],
  ...['*.map', 'prebuilds'],
  // What a build of an example leaves behind.
  ...['examples/*/artifacts', 'examples/*/keys', 'examples/*.deb'],
  // npm installs it: see prepack.mjs.
  ...['@esbuild', 'esbuild/bin'],
];

/**
 * Packs everything that the builder runs from, with the paths that it has in the checkout. The same
 * files give the same bytes.
 *
 * @param {string} archive
 */
export function packProgram(archive) {
  const own = ownPackages();
  const store = new Set();
  for (const folder of own) {
    for (const name of dependenciesOf(folder)) {
      follow(join(folder, 'node_modules', name), store);
    }
  }
  // The bundler of the agent. It is no dependency of a package, because the agent's build imports it.
  const bundler = join(ROOT, 'node_modules/esbuild');
  follow(bundler, store);
  const links = own.flatMap((folder) =>
    dependenciesOf(folder).map((name) => join(folder, 'node_modules', name)),
  );
  const sources = own.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => !['node_modules', 'dist', 'test', '.package.json.kept'].includes(name))
      .map((name) => join(folder, name)),
  );
  const paths = [...FILES.map((name) => join(ROOT, name)), ...sources, ...links, bundler, ...store]
    .map((path) => relative(ROOT, path))
    .sort();
  mkdirSync(dirname(archive), { recursive: true });
  const tar = spawnSync(
    'tar',
    [
      ...['--create', '--file', archive, '--use-compress-program', 'gzip -9n', '--directory', ROOT],
      ...['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'],
      ...['--mode=u+w,a+rX,go-w', '--format=gnu'],
      ...LEFT_OUT.map((pattern) => `--exclude=${pattern}`),
      ...['--verbatim-files-from', '--files-from=-'],
    ],
    { input: `${paths.join('\n')}\n`, encoding: 'utf8' },
  );
  if (tar.status !== 0) {
    throw tar.error ?? new Error(tar.stderr);
  }
}

/** Absolute paths of the packages that the builder consists of. */
function ownPackages() {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

/** Names of the packages that one of ours needs when it runs. */
function dependenciesOf(folder) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.keys(dependencies);
}

/** Adds the folder of pnpm's store that a link leads to, and those of its dependencies. */
function follow(link, store) {
  if (!existsSync(link)) {
    throw new Error(`${link} is missing: run ./micro-linux --setup-only first`);
  }
  const path = realpathSync(link);
  // node_modules itself may be a link to that of another checkout.
  const [, name] = /\/\.pnpm\/([^/]+)\/node_modules\//.exec(path) ?? [];
  if (name === undefined) {
    return;
  }
  const folder = join(ROOT, 'node_modules/.pnpm', name, 'node_modules');
  if (store.has(folder)) {
    return;
  }
  store.add(folder);
  for (const scope of readdirSync(folder)) {
    const names = scope.startsWith('@')
      ? readdirSync(join(folder, scope)).map((one) => join(scope, one))
      : [scope];
    for (const entry of names.map((one) => join(folder, one))) {
      if (lstatSync(entry).isSymbolicLink() && !LEFT_OUT.includes(scope)) {
        follow(entry, store);
      }
    }
  }
}
