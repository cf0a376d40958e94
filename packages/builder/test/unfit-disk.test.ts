import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const BIN = resolve(import.meta.dirname, '../src/bin.ts');
/** A user may mount in a new mount namespace. */
const canMount =
  spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'unfit-disk-'));
  for (const name of ['full', 'read-only', 'work']) {
    mkdirSync(join(directory, name));
  }
  writeFileSync(
    join(directory, 'mounts.sh'),
    `set -e
cd "$1"
mount -t tmpfs -o size=32k tmpfs full
head -c 1M /dev/zero >full/filler 2>/dev/null || true
mount --bind read-only read-only
mount -o remount,bind,ro read-only
cd work
shift
exec "$@"
`,
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs a command line of the builder where one folder is full and one is read-only. */
function builder(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { stdout, stderr } = spawnSync(
    'unshare',
    [
      ...['-Urm', 'bash', join(directory, 'mounts.sh'), directory],
      ...[process.execPath, BIN, ...args, '--json'],
    ],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

describe.skipIf(!canMount)('a disk that cannot be written (skipped: no user namespaces)', () => {
  test.each([
    ['keygen', 'full', 'key-unwritable', /no space is left/, /df -h/],
    ['seed', 'full', 'disk-full', /ENOSPC/, /df -h/],
    ['keygen', 'read-only', 'key-unwritable', /read-only/, /choose a directory/],
    ['rootfs', 'read-only', 'artifacts-unwritable', /read-only/, /--artifacts DIR/],
  ] as const)('%s where it is %s', (verb, place, code, why, hint) => {
    const target = join(directory, place, 'new');
    const options = verb === 'keygen' ? [`${target}.pem`] : ['--artifacts', target];
    expect(builder({}, verb, ...options)).toMatchObject({
      ok: false,
      code,
      why: expect.stringMatching(why),
      hint: expect.stringMatching(hint),
    });
  });

  test('a cache that cannot be written', () => {
    const env = { XDG_CACHE_HOME: join(directory, 'read-only') };
    const artifacts = join(directory, 'work/artifacts');
    expect(builder(env, 'rootfs', '--artifacts', artifacts)).toMatchObject({
      code: 'path-unusable',
      why: expect.stringContaining('EROFS'),
      hint: expect.stringMatching(/./),
    });
  });
});

test('reports a low limit of open files, once Node itself has started', () => {
  const path = join(directory, 'a.pem');
  let started = 0;
  for (const files of [23, 24, 26]) {
    const { stdout } = spawnSync(
      'bash',
      [
        '-c',
        `ulimit -n ${files}; exec "$@"`,
        '-',
        process.execPath,
        BIN,
        'inspect',
        path,
        '--json',
      ],
      { encoding: 'utf8' },
    );
    if (stdout !== '') {
      started += 1;
      expect(JSON.parse(stdout).code).not.toBe('internal');
    }
  }
  expect(started).toBeGreaterThan(0);
});
