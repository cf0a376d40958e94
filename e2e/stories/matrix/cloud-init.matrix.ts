import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinuxJson } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { Device } from '../../harness/device/device.ts';
import { storyConfig } from '../../harness/device/story-config.ts';

const skipped = await whySkipped('cloud-init');

/** Data that a cloud would give the machine. */
const userData = (key: string) => `#cloud-config
ssh_authorized_keys: ['${key}']
users:
  - default
  - name: guest
    gecos: From the cloud
    shell: /bin/sh
    ssh_authorized_keys: ['${key}']
write_files:
  - path: /etc/from-the-cloud
    permissions: '0640'
    content: hello
runcmd:
  - echo ran >>/var/lib/from-the-cloud
`;
const META_DATA = 'instance-id: i-1\nlocal-hostname: named-by-the-cloud\n';

describe.skipIf(skipped !== undefined)('an image with cloud-init', () => {
  let scratch: string;
  let artifacts: string;
  let seed: string;
  let nothing: string;
  let cloudKey: string;

  beforeAll(async () => {
    scratch = await makeScratch('cloud-init');
    artifacts = join(scratch, 'artifacts');
    for (const name of ['id', 'cloud']) {
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(scratch, name)]);
    }
    const key = (await readFile(join(scratch, 'id.pub'), 'utf8')).trim();
    cloudKey = (await readFile(join(scratch, 'cloud.pub'), 'utf8')).trim();
    const { update: _, ...config } = JSON.parse(storyConfig({ version: '1.0.0' }, key));
    const file = join(scratch, 'micro-linux.yaml');
    await writeFile(file, JSON.stringify({ ...config, cloudInit: { enabled: true } }));
    await microLinuxJson(['build', '--no-iso', '--config', file, '--artifacts', artifacts]);
    seed = await seedDisk(scratch, { 'user-data': userData(cloudKey), 'meta-data': META_DATA });
    nothing = join(scratch, 'nothing.img');
    await writeFile(nothing, '');
    await truncate(nothing, 1024 * 1024);
  });
  afterAll(() => removeScratch(scratch));

  /** The one machine of this story, with a second disk. */
  async function withDisk(media: string, story: (device: Device) => Promise<void>) {
    const { user, password } = await readCredentials(join(artifacts, 'credentials.txt'));
    const login = { user, password, identity: join(scratch, 'id') };
    const device = await Device.on({
      stages: { directory: scratch, media, login, devices: {} },
      name: 'cloud-init',
      logDirectory: join(scratch, 'logs'),
      firmware: { kind: 'bios' },
      disk: join(artifacts, 'micro-linux-bookworm.qcow2'),
    });
    try {
      await device.powerOn();
      await device.comesUp();
      await story(device);
      await device.powerOff();
    } catch (error) {
      throw new Error((await readFile(device.consoleLog, 'utf8')).slice(-4000), { cause: error });
    } finally {
      await device.dispose();
    }
  }

  const says = async (device: Device, command: string) => (await device.root(command)).stdout;

  it('does not start it without a datasource', async () => {
    await withDisk(nothing, async (device) => {
      expect(await says(device, 'cloud-init status')).toContain('disabled');
      expect(await says(device, 'systemctl is-active cloud-init.service')).toBe('inactive\n');
      expect(await says(device, 'systemctl --failed --plain --no-legend')).toBe('');
      expect(await says(device, 'hostname')).toBe('micro-linux\n');
    });
  });

  it('applies a seed once, and does not change the device’s identity', async () => {
    await withDisk(seed, async (device) => {
      const shadow = await says(device, 'grep ^micro: /etc/shadow');
      const hostKeys = await says(device, 'cat /etc/ssh/ssh_host_*');
      for (const boot of ['first', 'second']) {
        expect.soft(await says(device, 'cloud-init status --wait'), boot).toContain('status: done');
        expect.soft(await says(device, 'systemctl --failed --plain --no-legend')).toBe('');
        expect.soft(await says(device, 'cat /etc/from-the-cloud')).toBe('hello');
        expect.soft(await says(device, 'cat /var/lib/from-the-cloud'), boot).toBe('ran\n');
        expect.soft(await says(device, 'hostname')).toBe('named-by-the-cloud\n');
        expect.soft(await says(device, 'getent passwd guest')).toContain(':From the cloud:');
        expect.soft(await says(device, 'cat /home/guest/.ssh/authorized_keys')).toContain(cloudKey);

        const keys = await says(device, 'cat /home/micro/.ssh/authorized_keys');
        expect.soft(keys.trimEnd().split('\n')).toHaveLength(2);
        expect.soft(keys).toContain(cloudKey);
        expect.soft(await says(device, 'grep ^micro: /etc/shadow')).toBe(shadow);
        expect.soft(await says(device, 'cat /etc/ssh/ssh_host_*')).toBe(hostKeys);
        expect.soft(await says(device, 'ls /etc/systemd/network')).toBe('10-wired.network\n');
        const others = '/run/systemd/network /etc/netplan /etc/network/interfaces.d';
        expect.soft(await says(device, `find ${others} -type f`)).toBe('');
        expect
          .soft(await says(device, 'ls /etc/ssh/ssh_host_*_key'))
          .toMatch(/^\S+ecdsa_key\n\S+ed25519_key\n$/);
        // It creates an empty one, whatever its settings.
        const logs = await says(device, "find /var/log -name 'cloud-init*' -size +0");
        expect.soft(logs).toBe('');
        const journal = await says(device, 'journalctl -b --no-pager -t cloud-init');
        expect.soft(journal).toMatch(/\.py\[INFO\]: /);
        expect.soft(journal).not.toMatch(/\.py\[(?:WARNING|ERROR|CRITICAL)\]: /);
        expect.soft(await says(device, 'findmnt -no TARGET -T /var/lib/cloud')).toBe('/var\n');
        expect.soft(await says(device, 'ota-agent status')).toMatch(/confirmed/i);
        if (boot === 'first') {
          await device.reboot();
          await device.chooses('A confirmed');
          await device.comesUp();
        }
      }
    });
  });
});

/** A small FAT disk as NoCloud looks for it. */
async function seedDisk(directory: string, files: Readonly<Record<string, string>>) {
  const image = join(directory, 'seed.img');
  await writeFile(image, '');
  await truncate(image, 2 * 1024 * 1024);
  await run('mkfs.vfat', ['-n', 'CIDATA', image]);
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, name);
    await writeFile(file, text);
    await run('mcopy', ['-i', image, file, `::${name}`]);
  }
  return image;
}
