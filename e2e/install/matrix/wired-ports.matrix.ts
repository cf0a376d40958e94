import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import type { Device } from '../../harness/device/device.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('two wired ports and one cable');

/**
 * A service that logins and the end of the boot wait for, and that waits for the network; what it says goes
 * to the console, because nobody can log in over a network without a cable.
 */
const WAITER = `[Unit]
Wants=network-online.target
After=network-online.target
Before=systemd-user-sessions.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo "the boot goes on" >/dev/console'
[Install]
WantedBy=multi-user.target
`;

/** A second network card, on a network of its own. */
const SECOND = [
  '-netdev',
  'user,id=net1',
  '-device',
  'virtio-net-pci,netdev=net1,id=nic1,romfile=',
];

describe.skipIf(skipped !== undefined)('a machine with two wired ports', () => {
  const shared = shareInstaller('wired-ports', {}, { qcow2: true });

  it('is online with one cable: network-online.target does not wait for the other port', async () => {
    const { installer, scratch } = shared;
    const disk = join(scratch, 'disk.qcow2');
    await copyFile(installer.qcow2, disk);
    const options = { name: 'wired-ports', firmware: 'bios', disk, ...shared } as const;
    await onInstalled({ ...options, extra: SECOND, unplugged: ['nic1'] }, async (device) => {
      const says = async (command: string) => (await device.root(command)).stdout;
      const carriers = await says('cat /sys/class/net/en*/carrier');
      expect(carriers.trim().split('\n').sort()).toEqual(['0', '1']);
      // It fails if it has to wait until its time limit; no limit in seconds here.
      await device.root('systemctl start network-online.target');
      const unit = 'systemd-networkd-wait-online.service';
      expect(await says(`systemctl show --value --property=Result ${unit}`)).toBe('success\n');
      expect(await says(`systemctl is-active network-online.target ${unit}`)).toBe(
        'active\nactive\n',
      );
      expect(await says('systemctl --failed --plain --no-legend')).toBe('');
    });
  });

  it('boots without a cable, and uses a cable that is plugged in later', async () => {
    const { installer, scratch } = shared;
    const disk = join(scratch, 'no-cable.qcow2');
    await copyFile(installer.qcow2, disk);
    const options = { name: 'no-cable', firmware: 'bios', disk, ...shared } as const;
    await onInstalled(options, async (device) => {
      await device.root(
        `cat >/etc/systemd/system/waiter.service <<'EOF'\n${WAITER}EOF\nsystemctl enable waiter`,
      );
      await device.powerOff();

      await device.powerOn();
      await cable(device, false);
      await device.chooses('A confirmed');
      await device.sees(/the boot goes on/);
      await cable(device, true);
      await device.comesUp();
      const says = async (command: string) => (await device.root(command)).stdout;
      expect(
        await says(
          'systemctl show --property=ActiveState,ConditionResult,Result systemd-networkd-wait-online',
        ),
      ).toMatch(/ActiveState=inactive/);
      expect(await says('journalctl -b -o cat -u systemd-networkd-wait-online')).toContain(
        'await-cable: no network port has a link',
      );
      expect(await says('systemctl is-active network-online.target')).toBe('active\n');
      expect(await says('systemctl --failed --plain --no-legend')).toBe('');
    });
  });
});

async function cable(device: Device, up: boolean): Promise<void> {
  await device.machine.qmp.execute('set_link', { name: 'net0', up });
}
