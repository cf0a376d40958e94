import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCredentials } from 'micro-linux/vm/credentials';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('an installation with a static address');

describe.skipIf(skipped !== undefined)('an installation with a static address', () => {
  const shared = shareInstaller('install-network', {
    network: {
      kind: 'static',
      interface: 'enp0s2',
      address: '10.0.2.77',
      prefix: 24,
      gateway: '10.0.2.2',
      dns: ['10.0.2.3'],
    },
  });

  it('does not boot the medium again once the disk is installed, and has its address', async () => {
    const { installer, scratch } = shared;
    const machine = await BareMachine.of({
      ...{ name: 'static', firmware: 'bios', drive: 'cdrom', mediumFirst: true },
      ...{ iso: installer.iso, scratch },
    });
    try {
      await machine.powerOn({ noReboot: false });
      await machine.sees(/micro-linux: installing/);
      await machine.sees(/starting, Esc for the menu/);
      await machine.sees(/login:/);
      const { user, password } = await readCredentials(
        join(installer.artifacts, 'credentials.txt'),
      );
      machine.machine.send(`${user}\n`);
      await machine.sees(/Password:/);
      machine.machine.send(`${password}\n`);
      await machine.sees(/\$ $/);
      machine.machine.send('ip -4 -o addr show scope global; ip route show default\n');
      expect(await machine.sees(/inet 10\.0\.2\.77\/24/)).toBeTruthy();
      expect(await machine.sees(/default via 10\.0\.2\.2/)).toBeTruthy();
    } finally {
      await machine.dispose();
    }
  });
});

/** The network card of a device on the bench, which comes after its two disks. */
const PORT = 'enp0s3';

describe.skipIf(skipped !== undefined)('a device whose router is outside its network', () => {
  const shared = shareInstaller(
    'router-outside',
    {
      network: {
        kind: 'static',
        interface: PORT,
        address: '10.0.2.15',
        prefix: 32,
        gateway: '10.0.2.2',
        dns: ['10.0.2.3'],
      },
    },
    { qcow2: true },
  );

  it('is reachable through the router', async () => {
    const { installer, scratch } = shared;
    const disk = join(scratch, 'disk.qcow2');
    await copyFile(installer.qcow2, disk);
    const options = { name: 'router-outside', firmware: 'bios', disk, ...shared } as const;
    await onInstalled(options, async (device) => {
      // SSH comes from the router's address: every answer has gone over the route.
      const { stdout } = await device.shell('ip -4 -o addr show scope global; ip -4 route show');
      expect(stdout).toMatch(/inet 10\.0\.2\.15\/32 /);
      expect(stdout).toMatch(new RegExp(`^default via 10\\.0\\.2\\.2 dev ${PORT} .*onlink`, 'm'));
      expect(stdout).not.toMatch(/10\.0\.2\.0\/24/);
    });
  });
});
