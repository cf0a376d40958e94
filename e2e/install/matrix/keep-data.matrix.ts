import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { agentStatus } from '../../harness/device/agent.ts';
import { identity, leaveTraces } from '../../harness/device/traces.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { slotDigest } from '../../harness/installer/installed-disk.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('installations that keep data');

describe.skipIf(skipped !== undefined)('an installation that keeps data', () => {
  const shared = shareInstaller('install-keep');
  // Another build: other keys, another password, another user's key.
  const renewing = shareInstaller('install-renew', {
    version: '2.0.0',
    install: { preserveData: true },
  });

  it('replaces the system; users, passwords, keys, network and files stay', async () => {
    const { installer: first, scratch } = shared;
    const { installer: second } = renewing;
    const machine = await BareMachine.of({
      ...{ name: 'keep-data', firmware: 'bios', drive: 'cdrom' },
      ...{ iso: first.iso, scratch },
    });
    try {
      await machine.install();
      const [disk = ''] = machine.disks;
      const options = { firmware: 'bios', disk, installer: first, scratch } as const;
      const before = await onInstalled({ ...options, name: 'to-keep' }, async (device) => {
        await leaveTraces(device);
        return identity(device);
      });

      machine.insert(second.iso);
      await machine.install();
      expect(await slotDigest(disk, second, scratch)).toBe(second.record.slot.sha256);
      expect(second.record.slot.sha256).not.toBe(first.record.slot.sha256);

      // Logs in with the key that the first installer brought.
      await onInstalled({ ...options, name: 'kept' }, async (device) => {
        expect(await identity(device)).toBe(before);
        const status = await agentStatus(device);
        expect(status).toMatchObject({
          ...{ version: '2.0.0', booted: 'A', confirmed: 'A', bootSuccess: true, problems: [] },
        });
        expect(status.slots.map(({ ok }) => ok)).toEqual([true, false]);
      });
    } finally {
      await machine.dispose();
    }
  });
});
