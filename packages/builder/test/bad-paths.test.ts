import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../src/cli.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bad-paths-'));
  const at = (name: string) => join(directory, name);
  await mkdir(at('folder'));
  await writeFile(at('file'), '');
  await writeFile(at('junk'), Buffer.from([0xff, 0xfe, 0, 0x80, 0x0a]));
  await writeFile(at('locked'), '');
  await chmod(at('locked'), 0);
  await symlink('nowhere', at('dangling'));
  await symlink('circle', at('circle'));
  await writeFile(at('disk.raw'), '');
  await truncate(at('disk.raw'), 1024 * 1024);
  spawnSync('mkfifo', [at('pipe')]);
});
afterAll(() => rm(directory, { recursive: true }));

/** Paths that cannot be read as a file. */
const UNREADABLE = {
  'is not there': 'missing',
  'is in no folder': 'missing/file',
  'is a folder': 'folder',
  'has a file for a folder': 'file/below',
  'is a link to nothing': 'dangling',
  'is a link to itself': 'circle',
  'has a name that is too long': 'n'.repeat(300),
  'has a path that is too long': `${'folder/'.repeat(700)}file`,
  'is a pipe nobody writes to': 'pipe',
  'is a device': '/dev/null',
  'holds no text': 'junk',
} as const;

/** Paths where a file or folder cannot be created, with the kernel's error. */
const UNWRITABLE = {
  'a file for a folder': 'file/below', // ENOTDIR
  'a link to itself': 'circle/below', // ELOOP
  'a name that is too long': 'n'.repeat(300), // ENAMETOOLONG
  'below a file of the kernel': '/proc/version/below', // ENOTDIR
  'a file system that takes none': '/proc/micro-linux', // ENOENT
  'below a device': '/dev/null/below', // ENOTDIR
} as const;

const config = (name: string) => ['--profile', 'bookworm', '--dry-run', '--config', name];
const READING: readonly (readonly [string, (path: string) => readonly string[]])[] = [
  ['build --config', (path) => ['build', ...config(path)]],
  ['seed --config', (path) => ['seed', ...config(path)]],
  ['seed --check', (path) => ['seed', '--check', path]],
  ['build --key', (path) => ['build', '--profile', 'bookworm', '--dry-run', '--key', path]],
  [
    'build --trusted-key',
    (path) => ['build', '--dry-run', '--profile', 'bookworm', '--trusted-key', path],
  ],
  [
    'build --ssh-key',
    (path) => ['build', '--dry-run', '--profile', 'bookworm', '--ssh-key', `./${path}`],
  ],
  ['build --keyring', (path) => ['build', '--dry-run', '--profile', 'bookworm', '--keyring', path]],
  [
    'update --slot-image',
    (path) => ['update', '--profile', 'bookworm', '--slot-image', path, '--output', 'out.img'],
  ],
  [
    'iso --source-iso',
    (path) => ['iso', '--profile', 'bookworm', '--dry-run', '--source-iso', path],
  ],
  ['inspect', (path) => ['inspect', path]],
  // The checkout's own folder may have an image.
  ['inspect --config', (path) => ['inspect', '--artifacts', 'no-images', '--config', path]],
  ['attach', (path) => ['attach', path, '--signature', path, '--public-key', path]],
  ['vm', (path) => ['vm', '--dry-run', '--accel', 'tcg', path]],
  ['test', (path) => ['test', '--accel', 'tcg', path]],
];
const WRITING: readonly (readonly [string, (path: string) => readonly string[]])[] = [
  ['build --artifacts', (path) => ['build', '--profile', 'bookworm', '--artifacts', path]],
  ['rootfs --artifacts', (path) => ['rootfs', '--profile', 'bookworm', '--artifacts', path]],
  ['qcow2 --artifacts', (path) => ['qcow2', '--profile', 'bookworm', '--artifacts', path]],
  ['iso --artifacts', (path) => ['iso', '--profile', 'bookworm', '--artifacts', path]],
  ['update --artifacts', (path) => ['update', '--profile', 'bookworm', '--artifacts', path]],
  ['seed --artifacts', (path) => ['seed', '--profile', 'bookworm', '--artifacts', path]],
  ['keygen', (path) => ['keygen', path]],
  [
    'update --output',
    (path) => ['update', '--profile', 'bookworm', '--slot-image', 'disk.raw', '--output', path],
  ],
];

/** Inputs that a command accepts: for instance, an empty file is a config of defaults. */
const FINE = new Set([
  'build --config: is a device',
  'seed --config: is a device',
  'inspect --config: is a device',
  // Read when the archive is queried.
  'build --keyring: holds no text',
  // Any bytes are a valid raw disk.
  'vm: holds no text',
]);

async function cli(argv: readonly string[]) {
  let text = '';
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
  const exitCode = await runCli({
    argv,
    streams: { stdout: sink(), stderr: sink() as unknown as NodeJS.WriteStream },
    env: { PATH: process.env['PATH'], TMPDIR: directory, XDG_CACHE_HOME: join(directory, 'cache') },
    cwd: directory,
    root: ROOT,
    version: '0.0.0',
    interactive: false,
    signal: AbortSignal.timeout(60_000),
  });
  return { exitCode, text };
}

function cases(
  commands: typeof READING,
  paths: Readonly<Record<string, string>>,
): (readonly [string, readonly string[]])[] {
  return commands.flatMap(([name, argv]) =>
    Object.entries(paths).map(([what, path]) => [`${name}: ${what}`, argv(path)] as const),
  );
}

test.each([
  ...cases(READING, UNREADABLE).filter(([name]) => !FINE.has(name)),
  ...cases(WRITING, UNWRITABLE),
])('%s', async (_name, argv) => {
  const { exitCode, text } = await cli(argv);
  expect(text).toMatch(/error(?:\[[a-z0-9-]+\])?: /);
  expect(text).not.toMatch(/error\[(?:internal|cancelled|tool-failed)\]|bug|\n {4}at |\[object/);
  expect([1, 2, 5]).toContain(exitCode);
});

test('inspect reads a config that is named, even if nothing it looks at has a signature', async () => {
  const argv = ['inspect', '--artifacts', 'no-images', '--config'];
  expect((await cli([...argv, 'missing'])).text).toContain('error[config-missing]');
  expect((await cli([...argv, 'file'])).text).toContain('error[image-missing]');
});

test('creates nothing', async () => {
  const left = (await readdir(directory)).filter((name) => /^micro-linux-|\.partial$/.test(name));
  expect(left).toEqual([]);
});
