import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildRecord } from '../../packages/builder/src/build/build-record.ts';
import { SYSTEM_ACCOUNTS } from '../../packages/builder/src/rootfs/system-accounts.ts';
import {
  HYPERVISORS,
  NOT_IN_CLOUD_KERNELS,
} from '../../packages/builder/src/slot/boot-drivers.testdata.ts';
import { cutPartition, partitionDigest, type RawDisk, unpackDisk } from '../harness/cli/disk.ts';
import { microLinux, microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import { initrdNames } from '../harness/device/initrd-names.ts';

/** The one story `npm test` tells: a real archive, a real build, real boots. */
const skipped = await whySkipped('build and boot');

describe.skipIf(skipped !== undefined)('a bookworm image', () => {
  let scratch: string;
  let artifacts: string;
  let image: string;
  let record: BuildRecord;
  let disk: RawDisk;
  const partition = (name: string) => {
    const found = record.partitions.find((one) => one.name === name);
    if (!found) {
      throw new Error(`build.json knows no partition ${name}`);
    }
    return found;
  };

  beforeAll(async () => {
    scratch = await makeScratch('build');
    artifacts = join(scratch, 'artifacts');
    const result = await microLinuxJson([
      ...['build', '--no-iso'],
      '--profile',
      'bookworm',
      '--artifacts',
      artifacts,
    ]);
    record = result['record'] as BuildRecord;
    image = join(artifacts, 'micro-linux-bookworm.qcow2');
    disk = await unpackDisk(image, scratch);
  });
  afterAll(() => removeScratch(scratch));

  it('has a partition table without a fault', async () => {
    const { stdout } = await run('sgdisk', ['-v', disk.path]);
    expect(stdout).toContain('No problems found');
    await run('qemu-img', ['check', image]);
  });

  it('has file systems without a fault', async () => {
    // Only as much of each partition as its file system fills: the rest is zeros.
    const filled = { rootA: record.slot.bytes, data: 256 * 1024 * 1024 };
    for (const [name, bytes] of Object.entries(filled)) {
      const file = join(scratch, `${name}.img`);
      const { startSector } = partition(name);
      await cutPartition(disk, { startSector, sectors: bytes / 512 }, file);
      await run('e2fsck', ['-fn', file]);
    }
    const esp = join(scratch, 'esp.img');
    await cutPartition(disk, partition('ESP'), esp);
    await run('fsck.vfat', ['-n', esp]);
  });

  it('holds in slot A the slot image, byte for byte, and nothing in B', async () => {
    expect(await partitionDigest(disk, partition('rootA'), record.slot.bytes)).toBe(
      record.slot.sha256,
    );
    const zeros = await partitionDigest(disk, partition('rootB'), 1024 * 1024);
    expect(zeros).toBe('30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58');
  });

  it('carries nothing of the build host and nothing that machines must not share', async () => {
    const slot = join(scratch, 'rootA.img');
    const list = async (path: string) =>
      (await run('debugfs', ['-R', `ls -p ${path}`, slot])).stdout;
    const names =
      (await list('/etc/ssh')) + (await list('/etc')) + (await list('/var/lib/apt/lists'));
    expect(names).not.toMatch(/ssh_host_|\/hostname\/|_InRelease|_Packages/);
    const { stdout: machineId } = await run('debugfs', ['-R', 'cat /etc/machine-id', slot]);
    expect(machineId).toBe('');
    const { stdout: shadow } = await run('debugfs', ['-R', 'cat /etc/shadow', slot]);
    expect(shadow).not.toContain('$6$');
  });

  it('keeps owners, modes and setuid bits', async () => {
    const slot = join(scratch, 'rootA.img');
    const { stdout: sudo } = await run('debugfs', ['-R', 'stat /usr/bin/sudo', slot]);
    expect(sudo).toMatch(/Mode: {2}04755/);
    const { stdout: agent } = await run('debugfs', ['-R', 'stat /usr/bin/ssh-agent', slot]);
    expect(agent).toMatch(/Mode: {2}02755/);
    const { stdout: home } = await run('debugfs', [
      '-R',
      'stat /home/micro',
      join(scratch, 'data.img'),
    ]);
    expect(home).toMatch(/User: {2}1000 {3}Group: {2}1000/);
  });

  it('numbers system accounts as every image does, whatever its packages are', async () => {
    const slot = join(scratch, 'rootA.img');
    const [passwd, group] = await Promise.all(
      ['passwd', 'group'].map(
        async (name) => (await run('debugfs', ['-R', `cat /etc/${name}`, slot])).stdout,
      ),
    );
    for (const { name, id } of SYSTEM_ACCOUNTS) {
      expect(passwd).not.toMatch(new RegExp(`^${name}:x:(?!${id}:)`, 'm'));
      expect(group).not.toMatch(new RegExp(`^${name}:x:(?!${id}:)`, 'm'));
    }
    expect(passwd).toMatch(/^systemd-network:x:301:301:/m);
    const { stdout: agent } = await run('debugfs', ['-R', 'stat /usr/bin/ssh-agent', slot]);
    expect(agent).toMatch(/Group: +312 /);
  });

  it('has in its initrd the drivers of hypervisors, as far as its kernel has them', async () => {
    const slot = join(scratch, 'rootA.img');
    const debugfs = async (command: string) => (await run('debugfs', ['-R', command, slot])).stdout;
    const release = /initrd\.img-([^/]+)/.exec(await debugfs('ls -p /boot'))?.[1];
    const initrd = join(scratch, 'initrd');
    await debugfs(`dump /boot/initrd.img-${release} ${initrd}`);
    const builtIn = await debugfs(`cat /usr/lib/modules/${release}/modules.builtin`);
    const modules = [...initrdNames(await readFile(initrd)), ...builtIn.split('\n')].flatMap(
      (path) => /([^/]+)\.ko/.exec(path)?.[1]?.replaceAll('-', '_') ?? [],
    );
    const wanted = HYPERVISORS.flatMap(({ disk, network }) => [...disk, ...network]);
    const missing = new Set(wanted.filter((name) => !modules.includes(name)));
    expect([...missing]).toEqual(NOT_IN_CLOUD_KERNELS['bookworm']);
  });

  it('shows the password nowhere but in credentials.txt, which is for the owner alone', async () => {
    const path = join(artifacts, 'credentials.txt');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const password = /^password: (\S+)$/m.exec(await readFile(path, 'utf8'))?.[1] ?? '';
    expect(password.length).toBeGreaterThan(16);
    for (const name of ['build.json', 'build.log']) {
      expect(await readFile(join(artifacts, name), 'utf8')).not.toContain(password);
    }
    const images = ['rootA', 'data', 'esp'].map((name) => join(scratch, `${name}.img`));
    const { stdout } = await run('grep', ['-laF', password, ...images], { okExitCodes: [0, 1] });
    expect(stdout).toBe('');
  });

  it('is not built again when nothing changed', async () => {
    const before = await readFile(join(artifacts, 'credentials.txt'), 'utf8');
    const again = await microLinuxJson([
      ...['build', '--no-iso'],
      '--profile',
      'bookworm',
      '--artifacts',
      artifacts,
    ]);
    expect(again['cached']).toBe(true);
    expect(await readFile(join(artifacts, 'credentials.txt'), 'utf8')).toBe(before);
  });

  it('can be inspected', async () => {
    const { stdout } = await microLinux(['inspect', image]);
    expect(stdout).toContain('bookworm 0.1.0');
    expect(stdout).toContain('file is as it was built');
  });

  it('boots by BIOS and by UEFI, and is healthy inside', async () => {
    const { stdout, stderr, exitCode } = await microLinux([
      'test',
      image,
      '--artifacts',
      artifacts,
      '--firmware',
      'bios,uefi',
    ]);
    expect(`${stdout}${exitCode === 0 ? '' : stderr}`).not.toMatch(/FAIL/);
    expect(exitCode).toBe(0);
  });
});
