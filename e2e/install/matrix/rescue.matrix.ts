import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { agentStatus } from '../../harness/device/agent.ts';
import { identity, leaveTraces } from '../../harness/device/traces.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { isBlank, ruin, slotDigest } from '../../harness/installer/installed-disk.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('the rescue system of an ISO');

/** Keys of the boot menu. */
const DOWN = '\u001b[B';

/** The values to compare, each as one line. */
const LOOK = [
  'echo root $(findmnt -no FSTYPE,OPTIONS /)',
  'echo data $(findmnt -no FSTYPE /data)',
  'echo medium $(findmnt -no FSTYPE /cdrom)',
  'echo failed $(systemctl --failed --no-legend | wc -l)',
  'echo units $(systemctl is-active ssh.service ota-agent-mark-boot.service multi-user.target)',
  'echo ports $(ss -Htln | wc -l)',
  'echo the-"end"',
].join('; ');

describe.skipIf(skipped !== undefined)('the rescue system of an ISO', () => {
  const shared = shareInstaller('rescue');

  it('gives a root shell on the read-only slot, and runs no service of an installed system', async () => {
    const { installer, scratch } = shared;
    const machine = await BareMachine.of({
      ...{ name: 'rescue', firmware: 'uefi', drive: 'cdrom' },
      ...{ iso: installer.iso, scratch },
    });
    try {
      await entersRescue(machine);
      machine.machine.send(`${LOOK}\n`);
      await machine.sees(/^the-end/);
      const said = machine.machine.console.text;
      expect(said).toMatch(/^root ext4 ro,/m);
      expect(said).toMatch(/^data tmpfs/m);
      expect(said).toMatch(/^medium iso9660/m);
      expect(said).toMatch(/^failed 0/m);
      expect(said).toMatch(/^units inactive inactive inactive/m);
      expect(said).toMatch(/^ports 0/m);
      machine.machine.send('systemctl poweroff\n');
      await machine.machine.exited;
      const [disk = ''] = machine.disks;
      expect(await isBlank(disk)).toBe(true);
    } finally {
      await machine.dispose();
    }
  });

  it('repairs a disk whose ESP, boot code and slot are overwritten; data stay', async () => {
    const { installer, scratch } = shared;
    const machine = await BareMachine.of({
      ...{ name: 'rescue-ruined', firmware: 'bios', drive: 'cdrom' },
      ...{ iso: installer.iso, scratch },
    });
    try {
      await machine.install();
      const [disk = ''] = machine.disks;
      const options = { firmware: 'bios', disk, installer, scratch } as const;
      const before = await onInstalled({ ...options, name: 'to-rescue' }, async (device) => {
        await leaveTraces(device);
        return identity(device);
      });
      await ruin(disk, installer, ['bios', 'ESP', 'rootA']);
      expect(await slotDigest(disk, installer, scratch)).not.toBe(installer.record.slot.sha256);

      machine.insert(installer.iso);
      await entersRescue(machine);
      machine.machine.send('ota-agent rescue; echo "status" $?\n');
      expect(await machine.sees(/^status \d+/)).toBe('status 0');
      machine.machine.send('systemctl poweroff\n');
      await machine.machine.exited;

      expect(await slotDigest(disk, installer, scratch)).toBe(installer.record.slot.sha256);
      const after = await onInstalled({ ...options, name: 'rescued' }, async (device) => {
        expect(await agentStatus(device)).toMatchObject({
          ...{ version: '1.0.0', booted: 'A', confirmed: 'A', bootSuccess: true, problems: [] },
        });
        return identity(device);
      });
      expect(after).toBe(before);
    } finally {
      await machine.dispose();
    }
  });
});

/** Boots the medium, and chooses the rescue shell in its menu. */
async function entersRescue(machine: BareMachine): Promise<void> {
  await machine.powerOn();
  await machine.sees(/executed automatically in/);
  machine.machine.send(DOWN);
  await machine.sees(/\*Rescue shell/);
  machine.machine.send('\r');
  await machine.sees(/rescue shell\. The medium is at/);
  await machine.sees(/root@\S*#/);
}
