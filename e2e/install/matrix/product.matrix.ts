import { randomUUID } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { apply } from '../../harness/device/agent.ts';
import type { Device } from '../../harness/device/device.ts';
import { takeFirstSteps } from '../../harness/device/prepare-stage.ts';
import { updatePath } from '../../harness/device/stage.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { makeUpdates } from '../../harness/installer/make-updates.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';
import { BROKEN } from '../../update/broken.ts';

const skipped = await whySkipped('a product that is installed');
const at = (path: string) => join(import.meta.dirname, 'product', path);

const PRODUCT = {
  packages: {
    add: ['curl'],
    remove: ['libpam-systemd', 'systemd-resolved', 'systemd-timesyncd'],
  },
  overlay: at('overlay'),
  files: [{ path: '/etc/gateway.conf', content: 'words\n', mode: '0640', owner: 'gateway' }],
  initial: at('initial'),
  owners: { '/var/lib/gateway': 'gateway' },
  groups: [{ name: 'operators', id: 2100 }],
  users: [
    { name: 'alice', id: 2001, groups: ['operators'], sudo: 'nopasswd' },
    { name: 'gateway', id: 410, system: true, home: '/var/lib/gateway' },
  ],
  sysctl: { 'net.ipv4.ip_forward': 1 },
  hooks: {
    rootfs: [
      {
        script: at('hooks/after-packages.sh'),
        // Something new, so that no cache has its result.
        arguments: ['two words', randomUUID()],
        inputs: [at('hooks/assets')],
      },
    ],
    image: [at('hooks/after-overlay.sh')],
  },
};

describe.skipIf(skipped !== undefined)('a product that is installed', () => {
  const shared = shareInstaller(
    'install-product',
    {
      hostname: 'gw-{mac}',
      network: {
        interfaces: {
          wan: { match: { name: 'enp0s*' }, dhcp4: true },
          office: { vlan: { id: 10, link: 'wan' }, addresses: ['203.0.113.1/24'] },
        },
      },
      user: { name: 'ops' },
      product: PRODUCT,
    },
    { qcow2: true },
  );

  let media: string;
  beforeAll(async () => {
    const { installer, scratch } = shared;
    const bad = { name: 'health-fails', change: BROKEN['health-fails'].change } as const;
    media = await makeUpdates(installer, join(scratch, 'updates'), bad);
  });

  it('ran its hooks when it was built, and says so in the log', async () => {
    const log = await readFile(join(shared.installer.artifacts, 'build.log'), 'utf8');
    expect(log).toContain('the rootfs hook ran');
    expect(log).toContain('the image hook ran');
  });

  it.each(['the-iso', 'the-disk-image'] as const)(
    'has its accounts, network, name and first data when it comes from %s',
    async (from) => {
      const { installer, scratch } = shared;
      const machine = await BareMachine.of({
        ...{ name: 'product', firmware: 'bios', drive: 'cdrom' },
        ...{ iso: installer.iso, scratch },
      });
      try {
        const [disk = ''] = machine.disks;
        if (from === 'the-iso') {
          await machine.install();
        } else {
          await copyFile(installer.qcow2, disk);
        }
        const options = { name: 'product', firmware: 'bios', disk, installer, media, scratch };
        await onInstalled({ ...options, firmware: 'bios' }, async (device) => {
          await isTheProduct(device);
          await keepsItsData(device);
        });
      } finally {
        await machine.dispose();
      }
    },
  );
});

async function isTheProduct(device: Device): Promise<void> {
  const says = async (command: string) => (await device.root(command)).stdout;
  expect
    .soft(await says('id alice'))
    .toBe('uid=2001(alice) gid=2001(alice) groups=2001(alice),2100(operators)\n');
  expect.soft(await says('sudo -l -U alice')).toContain('(ALL : ALL) NOPASSWD: ALL');
  expect.soft(await says('id -u ops')).toBe('1000\n');
  expect
    .soft(await says('stat -c "%U %a" /etc/gateway.conf /var/lib/gateway /var/lib/gateway/state'))
    .toBe('gateway 640\ngateway 755\ngateway 644\n');
  expect
    .soft(await says('stat -c %U ~ops/README; cat ~ops/README /root/note'))
    .toBe('ops\nread me\nof root\n');
  expect.soft(await says('cat /var/lib/gateway/state')).toBe('made in the factory\n');
  expect.soft(await says('cat /proc/sys/kernel/hostname')).toMatch(/^gw-[0-9a-f]{12}\n$/);
  expect.soft(await says('ip -o addr show scope global')).toMatch(/office\s+inet 203\.0\.113\.1/);
  expect.soft(await says('sysctl -n net.ipv4.ip_forward')).toBe('1\n');
  expect
    .soft(await says('cat /usr/lib/gateway/rootfs-hook'))
    .toMatch(/^rootfs bookworm \S+ two words [\w-]+ \/usr\/local\/sbin:/);
  expect.soft(await says('cat /usr/lib/gateway/image-hook')).toBe('image 1.0.0\n');
  expect.soft(await says('systemctl --failed --plain --no-legend')).toBe('');
}

/** What is changed or removed stays so after a restart, and after an update that has it again. */
async function keepsItsData(device: Device): Promise<void> {
  const says = async (command: string) => (await device.root(command)).stdout;
  await device.root('echo changed >/var/lib/gateway/state && rm /root/note && sync');
  const name = await says('cat /proc/sys/kernel/hostname');
  const isKept = async () => {
    expect
      .soft(await says('cat /var/lib/gateway/state; ls /root/note 2>&1'))
      .toMatch(/^changed\nls: cannot access/);
    expect.soft(await says('cat /proc/sys/kernel/hostname')).toBe(name);
  };
  await device.reboot();
  await device.chooses('A confirmed');
  await device.comesUp();
  await isKept();
  await takeFirstSteps(device);
  const applied = await apply(device, updatePath('v2'));
  expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
  await device.reboot();
  await device.chooses('B trial');
  await device.comesUp();
  await isKept();
  expect.soft(await says('cat /usr/lib/gateway/image-hook')).toBe('image 2.0.0\n');
}
