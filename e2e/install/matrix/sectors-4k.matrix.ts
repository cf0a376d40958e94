import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GIB } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { agentStatus, apply } from '../../harness/device/agent.ts';
import type { Device } from '../../harness/device/device.ts';
import { takeFirstSteps } from '../../harness/device/prepare-stage.ts';
import { updatePath } from '../../harness/device/stage.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { slotDigest, smoke } from '../../harness/installer/installed-disk.ts';
import { makeUpdates } from '../../harness/installer/make-updates.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';
import { BROKEN } from '../../update/broken.ts';

const skipped = await whySkipped('disks with sectors of 4096 bytes');
const BAD = 'health-fails';

describe.skipIf(skipped !== undefined)('a disk with sectors of 4096 bytes', () => {
  const shared = shareInstaller('sectors-4k', { disk: { sectorSize: 4096 } }, { qcow2: true });

  it('is installed from an ISO by UEFI, and boots without it', async () => {
    const { installer, scratch } = shared;
    const machine = await BareMachine.of({
      ...{ name: 'sectors-4k', firmware: 'uefi', drive: 'cdrom' },
      ...{ iso: installer.iso, scratch },
      disks: [{ bytes: 4 * GIB, bus: 'nvme', logicalBlockBytes: 4096 }],
    });
    try {
      await machine.install();
      const [disk = ''] = machine.disks;
      expect(await slotDigest(disk, installer, scratch)).toBe(installer.record.slot.sha256);
      expect(await smoke(disk, installer, 'uefi')).not.toMatch(/FAIL/);
    } finally {
      await machine.dispose();
    }
  });

  it('is refused by BIOS, which could not start it', async () => {
    const { installer, scratch } = shared;
    const machine = await BareMachine.of({
      ...{ name: 'sectors-4k-bios', firmware: 'bios', drive: 'cdrom' },
      ...{ iso: installer.iso, scratch },
      disks: [{ bytes: 4 * GIB, logicalBlockBytes: 4096 }],
    });
    try {
      expect(await machine.failsToInstall()).toMatch(/error\[install-sector-size\]/);
    } finally {
      await machine.dispose();
    }
  });

  it('that was built boots by UEFI, installs an update, and rolls back a bad one', async () => {
    const { installer, scratch } = shared;
    const directory = join(scratch, 'built');
    await mkdir(directory);
    const disk = join(directory, 'disk.qcow2');
    await copyFile(installer.qcow2, disk);
    const bad = { name: BAD, change: BROKEN[BAD].change };
    const media = await makeUpdates(installer, join(scratch, 'updates'), bad);
    const options = { name: 'sectors-4k', firmware: 'uefi', disk, ...shared } as const;
    await onInstalled({ ...options, media, logicalBlockBytes: 4096 }, takesUpdates);
  });
});

async function takesUpdates(device: Device): Promise<void> {
  await takeFirstSteps(device);
  const { stdout } = await device.shell('cat /sys/class/block/vda/queue/logical_block_size');
  expect(stdout).toBe('4096\n');
  const good = await apply(device, updatePath('v2'));
  expect(good, good.stderr).toMatchObject({ exitCode: 4 });
  await device.reboot();
  await device.chooses('B trial');
  await device.comesUp();
  expect(await agentStatus(device)).toMatchObject({
    ...{ version: '2.0.0', booted: 'B', confirmed: 'B', bootSuccess: true, problems: [] },
  });
  const bad = await apply(device, updatePath(BAD));
  expect(bad, bad.stderr).toMatchObject({ exitCode: 4 });
  await device.reboot();
  await device.chooses('A trial', 'B confirmed');
  await device.comesUp();
  expect(await agentStatus(device)).toMatchObject({
    ...{ version: '2.0.0', booted: 'B', confirmed: 'B', bootSuccess: true, trial: null },
    lastUpdate: { version: '2.1.0', outcome: 'rolled-back' },
  });
}
