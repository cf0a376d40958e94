import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import {
  diskLayout,
  type InstallManifest,
  MediumPath,
  neededDiskBytes,
  sfdiskScript,
} from '@micro-linux/provision';
import { fileSource, readHead } from '@micro-linux/update-image';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { NO_PROGRESS } from '../progress/progress.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { testDevice } from '../testing.ts';
import { InstallLog } from './install-log.ts';
import { MANIFEST, SIZES } from './plan/plan.testdata.ts';
import type { InstallStep } from './plan/steps.ts';
import { runSteps, undoBootable } from './run-steps.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
});
afterAll(() => update.remove());

const BOOT_CODE = Buffer.alloc(440, 'boot');

/** A disk that booted by BIOS until now. */
function oldDisk(): string {
  const directory = mkdtempSync(join(tmpdir(), 'run-steps-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const disk = join(directory, 'disk');
  writeFileSync(disk, Buffer.alloc(512, 0xee));
  truncateSync(disk, neededDiskBytes(SIZES));
  return disk;
}

/** Runs steps with the real tools, except udev. */
async function carryOut(
  steps: readonly InstallStep[],
  onSettle: () => void = () => undefined,
  bootCode: Buffer = BOOT_CODE,
) {
  const { system, answer, ran } = testDevice();
  answer('/usr/sbin/sfdisk', run);
  answer('/usr/bin/udevadm', async () => {
    onSettle();
    return { stdout: '', stderr: '', exitCode: 0 };
  });
  answer('/usr/bin/dd', run);
  const source = await fileSource(update.path);
  onTestFinished(() => source.close());
  const directory = mkdtempSync(join(tmpdir(), 'run-steps-medium-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, MediumPath.directory));
  writeFileSync(join(directory, MediumPath.bootCode), bootCode);
  const medium = { directory, manifest: manifestOf(BOOT_CODE), head: await readHead(source) };
  await runSteps(
    {
      ...{ system, medium, source, progress: NO_PROGRESS },
      log: new InstallLog(() => system.now()),
      signal: new AbortController().signal,
      ...{ stallMs: 60_000, seed: undefined },
    },
    steps,
  );
  return { ran };
}

/** Of a medium with this boot code. */
function manifestOf(bootCode: Buffer): InstallManifest {
  const sha256 = createHash('sha256').update(bootCode).digest('hex');
  const files = { ...MANIFEST.files, bootCode: { bytes: bootCode.length, sha256 } };
  return { ...MANIFEST, files };
}

function changedAt(path: string): bigint {
  return statSync(path, { bigint: true }).mtimeNs;
}

function firstSector(disk: string): Buffer {
  return readAt(disk, 0, 512);
}

function readAt(disk: string, offset: number, bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  const file = openSync(disk, 'r');
  readSync(file, content, 0, bytes, offset);
  closeSync(file);
  return content;
}

function writeAt(disk: string, offset: number, content: Buffer): void {
  const file = openSync(disk, 'r+');
  writeSync(file, content, 0, content.length, offset);
  closeSync(file);
}

/** int 0x18, which makes a BIOS try the next device, and a halt for one that returns. */
const PASS_ON = 'cd18f4ebfd';

test.each([true, false])('a BIOS skips a partly written disk; kept data: %s', async (keep) => {
  const disk = oldDisk();
  const layout = diskLayout({ ...SIZES, sizeBytes: neededDiskBytes(SIZES) });
  const script = sfdiskScript(layout, MANIFEST.buildId);
  const unbootable: InstallStep = {
    ...{ kind: 'unbootable', disk },
    ranges: [{ offset: 0, bytes: keep ? 440 : MIB }],
    bootRanges: [],
  };
  await carryOut([unbootable]);
  expect(firstSector(disk).toString('hex', 0, 440)).toBe(PASS_ON.padEnd(880, '0'));
  let waitedAt = 0n;
  await carryOut([{ kind: 'table', disk, script, keep, partitions: [] }], () => {
    waitedAt = changedAt(disk);
  });
  // When a program closes the disk after writing, udev reads its table again, and the partitions
  // disappear for a moment.
  expect(changedAt(disk)).toBe(waitedAt);
  const sector = firstSector(disk);
  expect(sector.toString('hex', 0, 440)).toBe(PASS_ON.padEnd(880, '0'));
  // The signature by which a BIOS recognizes a bootable disk.
  expect(sector.toString('hex', 510)).toBe('55aa');
  await run('sgdisk', ['-v', disk]);
});

test('waits for the partitions after writing the boot code, because udev recreates them', async () => {
  const disk = oldDisk();
  const step = { kind: 'write-boot-code', disk } as const;
  const { ran } = await carryOut([{ ...step, partitions: [] }]);
  expect(firstSector(disk).subarray(0, 440).equals(BOOT_CODE)).toBe(true);
  expect(ran).toEqual(['/usr/bin/udevadm settle --timeout=30']);
  await expect(carryOut([{ ...step, partitions: ['/no/partition'] }])).rejects.toMatchObject({
    code: 'partitions-missing',
  });
});

test.each([
  ['another one', Buffer.alloc(440, 'evil')],
  ['a longer one, which would reach the partition table', Buffer.alloc(512, 'boot')],
  ['a shorter one', BOOT_CODE.subarray(0, 100)],
])('does not write boot code that changed after it was checked: %s', async (_title, changed) => {
  const disk = oldDisk();
  const step = { kind: 'write-boot-code', disk, partitions: [] } as const;
  await expect(carryOut([step], undefined, changed)).rejects.toMatchObject({
    code: 'medium-damaged',
  });
  expect(firstSector(disk).every((byte) => byte === 0xee)).toBe(true);
});

test('leaves nothing that firmware starts after a failure', async () => {
  const disk = oldDisk();
  const esp = { offset: 3 * MIB, bytes: MIB };
  const unbootable: InstallStep = {
    ...{ kind: 'unbootable', disk },
    ranges: [],
    bootRanges: [{ offset: 0, bytes: 440 }, esp],
  };
  writeAt(disk, esp.offset, Buffer.alloc(MIB, 0xee));
  const { system } = testDevice();
  const log = new InstallLog(() => system.now());
  const context = { system, progress: NO_PROGRESS, stallMs: 60_000, log };
  await undoBootable(context, []);
  expect(firstSector(disk).every((byte) => byte === 0xee)).toBe(true);
  await undoBootable(context, [unbootable]);
  const sector = firstSector(disk);
  expect(sector.toString('hex', 0, 440)).toBe(PASS_ON.padEnd(880, '0'));
  expect(sector.subarray(440).every((byte) => byte === 0xee)).toBe(true);
  expect(readAt(disk, esp.offset, MIB).every((byte) => byte === 0)).toBe(true);
});
