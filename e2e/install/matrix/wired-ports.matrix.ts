import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('two wired ports and one cable');

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
      expect(await says('networkctl --no-legend --no-pager list --type=ether')).toMatch(
        /no-carrier/,
      );
      // It fails if it has to wait until its time is over; no second of it counts here.
      await device.root('systemctl start network-online.target');
      const unit = 'systemd-networkd-wait-online.service';
      expect(await says(`systemctl show --value --property=Result ${unit}`)).toBe('success\n');
      expect(await says(`systemctl is-active network-online.target ${unit}`)).toBe(
        'active\nactive\n',
      );
      expect(await says('systemctl --failed --plain --no-legend')).toBe('');
    });
  });
});
