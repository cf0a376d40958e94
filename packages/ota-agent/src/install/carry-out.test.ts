import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { fileSource, readHead } from '@micro-linux/update-image';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { NO_PROGRESS } from '../progress/progress.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { testDevice } from '../testing.ts';
import { carryOut } from './install.ts';
import { InstallLog } from './install-log.ts';
import { BLANK, MANIFEST } from './plan/plan.testdata.ts';
import type { InstallStep } from './plan/steps.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
});
afterAll(() => update.remove());

const DATA = '/dev/vda4';
const FORMAT: InstallStep = { kind: 'format-data', path: DATA };
const RENEW: InstallStep = { kind: 'renew-data', path: DATA, slotsEmpty: ['B'] };
const LATE: InstallStep = {
  ...{ kind: 'late-commands', commands: ['true'] },
  ...{ slotA: '/dev/vda2', data: DATA, esp: '/dev/vda1' },
};
const KEEP: InstallStep = { kind: 'keep-log', data: DATA };

const ok: Runner = async () => ({ stdout: '', stderr: '', exitCode: 0 });

/**
 * An installation whose late-commands find no /target; returns what it leaves on the data
 * partition.
 */
async function failing(steps: readonly InstallStep[], mount: Runner = ok) {
  const { system, answer, ran } = testDevice();
  answer('/usr/sbin/mke2fs', ok);
  answer('/usr/sbin/e2fsck', ok);
  answer('/usr/bin/umount', ok);
  answer('/usr/bin/mount', (file, args, options) => {
    if (args.includes('/target')) {
      throw new MicroLinuxError({ code: 'command-failed', message: 'there is no /target' });
    }
    return mount(file, args, options);
  });
  const source = await fileSource(update.path);
  onTestFinished(() => source.close().catch(() => undefined));
  const medium = { directory: '/nowhere', manifest: MANIFEST, head: await readHead(source) };
  const error: unknown = await carryOut(
    {
      ...{ system, progress: NO_PROGRESS, stallMs: 60_000 },
      trust: { keys: [], revoked: new Set(), threshold: 1 },
      signal: new AbortController().signal,
    },
    {
      ...{ checked: { medium, source }, disk: BLANK, seed: undefined, steps },
      log: new InstallLog(() => system.now()),
    },
    true,
  ).catch((reason: unknown) => reason);
  const log = () =>
    readFileSync(join(system.paths.run, 'data/var/log/installer/install.log'), 'utf8');
  return { error, log, ran };
}

test.each([
  ['made', [FORMAT, LATE, KEEP]],
  ['kept', [LATE, RENEW, KEEP]],
])('a data partition that was %s contains the log of a failed installation', async (_, steps) => {
  const { error, log } = await failing(steps);
  expect(error).toMatchObject({ message: 'there is no /target' });
  expect(log()).toContain('FAILED: run 1 late-commands');
  expect(log()).toContain('there is no /target');
});

test('a disk that was bootable already becomes unbootable: it is not complete', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'carry-out-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const disk = join(directory, 'disk');
  writeFileSync(disk, Buffer.alloc(8192, 0xee));
  const bootRanges = [{ offset: 4096, bytes: 4096 }];
  const unbootable: InstallStep = { kind: 'unbootable', disk, ranges: [], bootRanges };
  const { error } = await failing([unbootable, LATE]);
  expect(error).toMatchObject({ message: 'there is no /target' });
  const found = readFileSync(disk);
  expect(found.subarray(4096).every((byte) => byte === 0)).toBe(true);
  expect(found.subarray(0, 5).toString('hex')).toBe('cd18f4ebfd');
});

test('a partition of another system is left alone', async () => {
  const { error, ran } = await failing([LATE, FORMAT, KEEP]);
  expect(error).toMatchObject({ message: 'there is no /target' });
  expect(ran.filter((line) => line.includes(DATA))).toEqual([]);
});

test('a log that cannot be saved does not hide the error', async () => {
  const { error } = await failing([FORMAT, LATE, KEEP], async () => {
    throw new MicroLinuxError({ code: 'command-failed', message: 'the disk is gone' });
  });
  expect(error).toMatchObject({ message: 'there is no /target' });
});
