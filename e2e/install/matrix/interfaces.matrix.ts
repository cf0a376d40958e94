import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import type { Device } from '../../harness/device/device.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('a device with several interfaces');

/** A network card on a network of its own. */
const card = (index: number) => [
  '-netdev',
  `user,id=net${index},restrict=on`,
  '-device',
  `virtio-net-pci,netdev=net${index},id=nic${index},mac=52:54:00:ab:00:0${index},romfile=`,
];
const CARDS = [1, 2, 3].flatMap(card);

const NETWORK = {
  interfaces: {
    // The card of every device on the bench.
    wan: { match: { name: 'enp0s3' }, dhcp4: true },
    lan: {
      match: { mac: '52:54:00:ab:00:01' },
      addresses: ['192.0.2.1/24', '2001:db8::1/64'],
      routes: [{ to: '198.51.100.0/24', via: '192.0.2.254', metric: 50 }],
      mtu: 1400,
    },
    office: { vlan: { id: 10, link: 'lan' }, addresses: ['203.0.113.1/24'] },
    port: { match: { mac: '52:54:00:ab:00:02' } },
    br0: { bridge: { interfaces: ['port'] }, addresses: ['10.7.0.1/24'] },
    service: {
      match: { mac: '52:54:00:ab:00:03' },
      addresses: ['10.8.0.1/24'],
      optional: true,
    },
  },
};

describe.skipIf(skipped !== undefined)('a device with several interfaces', () => {
  const shared = shareInstaller(
    'interfaces',
    { hostname: 'gw-{mac}', network: NETWORK },
    { qcow2: true },
  );

  it('has each of their addresses, does not wait for the optional one, and keeps its name', async () => {
    const { installer, scratch } = shared;
    const disk = join(scratch, 'disk.qcow2');
    await copyFile(installer.qcow2, disk);
    const options = { name: 'interfaces', firmware: 'bios', disk, ...shared } as const;
    const name = await onInstalled(
      { ...options, extra: CARDS, unplugged: ['nic3'] },
      async (device) => {
        const says = sayer(device);
        const addresses = await says('ip -o addr show scope global');
        for (const address of ['10.0.2.15/24', '192.0.2.1/24', '2001:db8::1/64']) {
          expect.soft(addresses).toContain(address);
        }
        expect.soft(addresses).toMatch(/office\s+inet 203\.0\.113\.1\/24/);
        expect.soft(addresses).toMatch(/br0\s+inet 10\.7\.0\.1\/24/);
        expect.soft(await says('ip -d link show office')).toContain('vlan protocol 802.1Q id 10');
        expect.soft(await says('ip -o link show master br0')).toContain('52:54:00:ab:00:02');
        expect.soft(await says('ip -o link')).toMatch(/mtu 1400 .*52:54:00:ab:00:01/);
        expect
          .soft(await says('ip route show 198.51.100.0/24'))
          .toMatch(/via 192\.0\.2\.254 .*metric 50/);
        expect
          .soft(await says('networkctl --no-legend list'))
          .toMatch(/office +vlan +routable +configured/);
        await device.root('systemctl start network-online.target');
        expect.soft(await says('systemctl --failed --plain --no-legend')).toBe('');
        expect
          .soft(await says('journalctl -b -o cat -u systemd-networkd'))
          .not.toMatch(/ignoring|Unknown key/);
        expect.soft(await says('cat /etc/hosts')).toMatch(/^127\.0\.1\.1 gw-[0-9a-f]{12}$/m);
        return (await says('cat /etc/hostname /proc/sys/kernel/hostname')).trim();
      },
    );
    const [kept, running] = name.split('\n');
    expect(kept).toMatch(/^gw-52540[0-9a-f]{7}$/);
    expect(running).toBe(kept);
    const moved = ['-global', 'virtio-net-pci.mac=52:54:00:99:99:99'];
    await onInstalled({ ...options, extra: [...moved, ...CARDS] }, async (device) => {
      const says = sayer(device);
      expect(await says('cat /sys/class/net/enp0s3/address')).toBe('52:54:00:99:99:99\n');
      expect(await says('cat /proc/sys/kernel/hostname')).toBe(`${kept}\n`);
    });
  });
});

function sayer(device: Device): (command: string) => Promise<string> {
  return async (command) => (await device.root(command)).stdout;
}
