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
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { diskLayout, MediumPath, neededDiskBytes, sfdiskScript } from '@micro-linux/provision';
import { fileSource, readHead } from '@micro-linux/update-image';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { SILENT } from '../apply/apply-device.testdata.ts';
import { type SampleUpdate, sampleUpdate } from '../apply/sample-update.testdata.ts';
import { testDevice } from '../testing.ts';
import { InstallLog } from './install-log.ts';
import { MANIFEST, SIZES } from './plan/plan.testdata.ts';
import type { InstallStep } from './plan/steps.ts';
import { runSteps } from './run-steps.ts';

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

/** Carries steps out with the real tools, but for udev. */
async function carryOut(steps: readonly InstallStep[], onSettle: () => void = () => undefined) {
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
  writeFileSync(join(directory, MediumPath.bootCode), BOOT_CODE);
  const medium = { directory, manifest: MANIFEST, head: await readHead(source) };
  await runSteps(
    {
      ...{ system, medium, source, progress: SILENT },
      log: new InstallLog(() => system.now()),
      signal: new AbortController().signal,
      ...{ stallMs: 60_000, seed: undefined },
    },
    steps,
  );
  return { ran };
}

function changedAt(path: string): bigint {
  return statSync(path, { bigint: true }).mtimeNs;
}

function firstSector(disk: string): Buffer {
  const sector = Buffer.alloc(512);
  const file = openSync(disk, 'r');
  readSync(file, sector);
  closeSync(file);
  return sector;
}

/** int 0x18, which tells a BIOS to go on to what is next, and a halt for one that comes back. */
const PASS_ON = 'cd18f4ebfd';

test.each([true, false])('a BIOS passes a half-made disk over; kept data: %s', async (keep) => {
  const disk = oldDisk();
  const layout = diskLayout({ ...SIZES, sizeBytes: neededDiskBytes(SIZES) });
  const script = sfdiskScript(layout, MANIFEST.buildId);
  const unbootable: InstallStep = {
    ...{ kind: 'unbootable', disk },
    ranges: [{ offset: 0, bytes: keep ? 440 : MIB }],
  };
  await carryOut([unbootable]);
  expect(firstSector(disk).toString('hex', 0, 440)).toBe(PASS_ON.padEnd(880, '0'));
  let waitedAt = 0n;
  await carryOut([{ kind: 'table', disk, script, keep, partitions: [] }], () => {
    waitedAt = changedAt(disk);
  });
  // Whoever opens the whole disk to write, and closes it, makes udev read its table anew: the
  // partitions go for a moment.
  expect(changedAt(disk)).toBe(waitedAt);
  const sector = firstSector(disk);
  expect(sector.toString('hex', 0, 440)).toBe(PASS_ON.padEnd(880, '0'));
  // The signature by which a BIOS takes a disk for one that boots.
  expect(sector.toString('hex', 510)).toBe('55aa');
  await run('sgdisk', ['-v', disk]);
});

test('with the boot code written, the partitions are waited for: udev makes them anew', async () => {
  const disk = oldDisk();
  const step = { kind: 'write-boot-code', disk } as const;
  const { ran } = await carryOut([{ ...step, partitions: [] }]);
  expect(firstSector(disk).subarray(0, 440).equals(BOOT_CODE)).toBe(true);
  expect(ran).toEqual(['/usr/bin/udevadm settle --timeout=30']);
  await expect(carryOut([{ ...step, partitions: ['/no/partition'] }])).rejects.toMatchObject({
    code: 'partitions-missing',
  });
});
