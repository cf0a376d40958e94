import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type RunResult, run } from '@micro-linux/core';
import { ROOT } from '../harness/cli/micro-linux.ts';

/** All statuses: a story looks at the one it gets. */
const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);

/** The builder as it is installed by npm, in folders of its own. */
export interface Packed {
  readonly tarball: string;
  /** Runs the installed program in a folder. */
  readonly program: (folder: string, args: readonly string[]) => Promise<RunResult>;
  /** Runs a command with the empty home of the installation. */
  readonly command: (folder: string, words: readonly [string, ...string[]]) => Promise<RunResult>;
  /** Where npm has installed it: bin/ and share/man/ are in it. */
  readonly prefix: string;
  /** The home of the user, empty before the installation. */
  readonly home: string;
}

/** Packs the builder of this checkout, and installs it with an empty home and an empty prefix. */
export async function installPacked(scratch: string): Promise<Packed> {
  const tarball = await pack(scratch);
  const [home, prefix] = [join(scratch, 'home'), join(scratch, 'prefix')];
  await mkdir(home);
  await mkdir(prefix);
  const { stdout: npmCache } = await run('npm', ['config', 'get', 'cache']);
  const env = {
    HOME: home,
    XDG_CACHE_HOME: '',
    NODE_COMPILE_CACHE: '',
    // Downloads only: nothing of ours.
    npm_config_cache: npmCache.trim(),
    // Without node_modules/.bin of this checkout.
    PATH: (process.env['PATH'] ?? '')
      .split(':')
      .filter((folder) => !folder.includes('node_modules'))
      .join(':'),
  };
  const command: Packed['command'] = (folder, [name, ...args]) =>
    run(name, args, { cwd: folder, env, okExitCodes: ANY_STATUS });
  const installed = await command(scratch, [
    ...(['npm', 'install', '--global', '--prefer-offline', '--no-audit'] as const),
    ...['--prefix', prefix, tarball],
  ]);
  if (installed.exitCode !== 0) {
    throw new Error(installed.stderr);
  }
  return {
    ...{ tarball, command, home, prefix },
    program: (folder, args) => command(folder, [join(prefix, 'bin/micro-linux'), ...args]),
  };
}

/** Packs in a copy of the checkout: packing changes package.json for a moment. */
async function pack(scratch: string): Promise<string> {
  const copy = join(scratch, 'copy');
  await mkdir(copy);
  for (const name of [
    'LICENSE',
    'examples',
    'package.json',
    'packages',
    'pnpm-lock.yaml',
    'scripts',
    'systemd',
    'tsconfig.json',
  ]) {
    await cp(join(ROOT, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // As after a build of an example.
  const example = join(copy, 'examples/gateway');
  for (const file of ['artifacts/credentials.txt', 'keys/signing.pem', 'packages/stray.deb']) {
    await mkdir(dirname(join(example, file)), { recursive: true });
    await writeFile(join(example, file), 'must not be packed');
  }
  await run('npm', ['pack', '--pack-destination', scratch], {
    cwd: join(copy, 'packages/builder'),
  });
  const [name] = (await readdir(scratch)).filter((one) => one.endsWith('.tgz'));
  return join(scratch, name ?? 'none');
}
