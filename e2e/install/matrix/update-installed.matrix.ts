import { join } from 'node:path';
import { fileSource, readHead } from '@micro-linux/update-image';
import { beforeAll, describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { agentStatus, apply } from '../../harness/device/agent.ts';
import type { Device } from '../../harness/device/device.ts';
import { takeFirstSteps } from '../../harness/device/prepare-stage.ts';
import { updatePath } from '../../harness/device/stage.ts';
import { identity, leaveTraces } from '../../harness/device/traces.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { slotDigest } from '../../harness/installer/installed-disk.ts';
import { makeUpdates } from '../../harness/installer/make-updates.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';
import { BROKEN } from '../../update/broken.ts';

const skipped = await whySkipped('updates of what was installed');
const BAD = 'health-fails';

describe.skipIf(skipped !== undefined)('a system installed from an ISO', () => {
  const shared = shareInstaller('install-update', {}, { qcow2: true });
  let media: string;
  beforeAll(async () => {
    const { installer, scratch } = shared;
    const bad = { name: BAD, change: BROKEN[BAD].change };
    media = await makeUpdates(installer, join(scratch, 'updates'), bad);
  });

  it.each(['bios', 'uefi'] as const)(
    'equals that of a built disk, installs an update, and rolls back a bad one, by %s',
    async (firmware) => {
      const { installer, scratch } = shared;
      const machine = await BareMachine.of({
        ...{ name: `update-${firmware}`, firmware, drive: 'cdrom' },
        ...{ iso: installer.iso, scratch },
      });
      try {
        await machine.install();
        const [disk = ''] = machine.disks;
        const slot = await slotDigest(disk, installer, scratch);
        expect(slot).toBe(await signedDigest(installer.update));
        expect(slot).toBe(await slotDigest(installer.qcow2, installer, scratch));
        const options = { name: 'update', firmware, disk, installer, media, scratch };
        await onInstalled(options, takesUpdates);
      } finally {
        await machine.dispose();
      }
    },
  );
});

/** Version 2.0.0 stays; the bad update after it is rolled back, and `status` says why. */
async function takesUpdates(device: Device): Promise<void> {
  await takeFirstSteps(device);
  await leaveTraces(device);
  const before = await identity(device);
  expect(await agentStatus(device)).toMatchObject({
    ...{ version: '1.0.0', booted: 'A', confirmed: 'A', bootSuccess: true, problems: [] },
  });

  const good = await apply(device, updatePath('v2'));
  expect(good, good.stderr).toMatchObject({ exitCode: 4 });
  await device.reboot();
  await device.chooses('B trial');
  await device.comesUp();
  expect(await agentStatus(device)).toMatchObject({
    ...{ version: '2.0.0', booted: 'B', confirmed: 'B', bootSuccess: true, problems: [] },
    lastUpdate: { version: '2.0.0', outcome: 'confirmed' },
  });
  expect(await identity(device)).toBe(before);

  const bad = await apply(device, updatePath(BAD));
  expect(bad, bad.stderr).toMatchObject({ exitCode: 4 });
  await device.reboot();
  await device.chooses('A trial', 'B confirmed');
  await device.comesUp();
  const status = await agentStatus(device);
  expect(status).toMatchObject({
    ...{ version: '2.0.0', booted: 'B', confirmed: 'B', bootSuccess: true, trial: null },
    lastUpdate: { version: '2.1.0', outcome: 'rolled-back' },
  });
  expect(status.lastUpdate?.reason).toMatch(BROKEN[BAD].reason);
  expect(await identity(device)).toBe(before);
}

/** The SHA-256 of the slot image that the manifest of an update signs. */
async function signedDigest(update: string): Promise<string> {
  const source = await fileSource(update);
  try {
    return (await readHead(source)).manifest.image.sha256;
  } finally {
    await source.close();
  }
}
