import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import type { BuildRecord } from 'micro-linux/artifacts/build-record';
import { SYSTEM_ACCOUNTS } from 'micro-linux/steps/rootfs/system-accounts';
import { HYPERVISORS, NOT_IN_CLOUD_KERNELS } from 'micro-linux/steps/slot/boot-drivers.testdata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debugfs } from '../harness/cli/debugfs.ts';
import { cutPartition, partitionDigest, type RawDisk, unpackDisk } from '../harness/cli/disk.ts';
import { microLinux, microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import { initrdNames } from '../harness/device/initrd-names.ts';

/** The one story that `npm test` runs: a real archive, a real build, real boots. */
const skipped = await whySkipped('build and boot');

describe.skipIf(skipped !== undefined)('a bookworm image', () => {
  let scratch: string;
  let artifacts: string;
  let image: string;
  let record: BuildRecord;
  let disk: RawDisk;
  /** The image of a partition, cut out of the disk. */
  const cut = (name: string) => join(scratch, `${name}.img`);
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
    // Only as much of each partition as its file system fills: the rest is zeros.
    const filled = { rootA: record.slot.bytes, data: 256 * 1024 * 1024 };
    for (const [name, bytes] of Object.entries(filled)) {
      const { startSector } = partition(name);
      await cutPartition(disk, { startSector, sectors: bytes / 512 }, cut(name));
    }
    await cutPartition(disk, partition('ESP'), cut('esp'));
  });
  afterAll(() => removeScratch(scratch));

  it('has a valid partition table', async () => {
    const { stdout } = await run('sgdisk', ['-v', disk.path]);
    expect(stdout).toContain('No problems found');
    await run('qemu-img', ['check', image]);
  });

  it('has valid file systems', async () => {
    for (const name of ['rootA', 'data']) {
      await run('e2fsck', ['-fn', cut(name)]);
    }
    await run('fsck.vfat', ['-n', cut('esp')]);
  });

  it('has the slot image in slot A, byte for byte, and nothing in slot B', async () => {
    expect(await partitionDigest(disk, partition('rootA'), record.slot.bytes)).toBe(
      record.slot.sha256,
    );
    const zeros = await partitionDigest(disk, partition('rootB'), 1024 * 1024);
    expect(zeros).toBe('30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58');
  });

  it('contains nothing from the build host and nothing that machines must not share', async () => {
    const slot = cut('rootA');
    // Lines like /INODE/MODE/UID/GID/NAME/SIZE/.
    const list = async (path: string) =>
      (await debugfs(slot, `ls -p ${path}`))
        .split('\n')
        .map((line) => line.split('/')[5] ?? '')
        .filter((name) => name !== '');
    const ssh = await list('/etc/ssh');
    expect(ssh).toContain('sshd_config');
    expect(ssh.filter((name) => name.startsWith('ssh_host_'))).toEqual([]);
    const etc = await list('/etc');
    expect(etc).toContain('machine-id');
    expect(etc).not.toContain('hostname');
    const lists = await list('/var/lib/apt/lists');
    expect(lists).toContain('.');
    expect(lists.filter((name) => /_InRelease|_Packages/.test(name))).toEqual([]);
    expect(await debugfs(slot, 'stat /etc/machine-id')).toMatch(/Type: regular [\s\S]*Size: 0$/m);
    expect(await debugfs(slot, 'cat /etc/machine-id')).toBe('');
    const shadow = await debugfs(slot, 'cat /etc/shadow');
    expect(shadow).toMatch(/^root:[!*]/m);
    expect(shadow.match(/\$\d+\$|\$y\$/g)).toBeNull();
  });

  it('keeps owners, modes and setuid bits', async () => {
    const slot = cut('rootA');
    expect(await debugfs(slot, 'stat /usr/bin/sudo')).toMatch(/Mode: {2}04755/);
    expect(await debugfs(slot, 'stat /usr/bin/ssh-agent')).toMatch(/Mode: {2}02755/);
    expect(await debugfs(cut('data'), 'stat /home/micro')).toMatch(
      /User: {2}1000 {3}Group: {2}1000/,
    );
  });

  it('numbers system accounts as every image, whatever its packages', async () => {
    const slot = cut('rootA');
    const [passwd, group] = await Promise.all(
      ['passwd', 'group'].map((name) => debugfs(slot, `cat /etc/${name}`)),
    );
    expect(passwd).toMatch(/^root:x:0:0:/);
    expect(group).toMatch(/^root:x:0:/);
    for (const { name, id } of SYSTEM_ACCOUNTS) {
      expect(passwd).not.toMatch(new RegExp(`^${name}:x:(?!${id}:)`, 'm'));
      expect(group).not.toMatch(new RegExp(`^${name}:x:(?!${id}:)`, 'm'));
    }
    expect(passwd).toMatch(/^systemd-network:x:301:301:/m);
    expect(await debugfs(slot, 'stat /usr/bin/ssh-agent')).toMatch(/Group: +312 /);
  });

  it('has the kernel’s drivers for hypervisors in its initrd', async () => {
    const slot = cut('rootA');
    const release = /initrd\.img-([^/]+)/.exec(await debugfs(slot, 'ls -p /boot'))?.[1];
    const initrd = join(scratch, 'initrd');
    await debugfs(slot, `dump /boot/initrd.img-${release} ${initrd}`);
    const builtIn = await debugfs(slot, `cat /usr/lib/modules/${release}/modules.builtin`);
    const modules = [...initrdNames(await readFile(initrd)), ...builtIn.split('\n')].flatMap(
      (path) => /([^/]+)\.ko/.exec(path)?.[1]?.replaceAll('-', '_') ?? [],
    );
    const wanted = HYPERVISORS.flatMap(({ disk, network }) => [...disk, ...network]);
    const missing = new Set(wanted.filter((name) => !modules.includes(name)));
    expect([...missing]).toEqual(NOT_IN_CLOUD_KERNELS['bookworm']);
  });

  it('has the password only in credentials.txt, which only its owner can read', async () => {
    const path = join(artifacts, 'credentials.txt');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const password = /^password: (\S+)$/m.exec(await readFile(path, 'utf8'))?.[1] ?? '';
    expect(password.length).toBeGreaterThan(16);
    for (const name of ['build.json', 'build.log']) {
      expect(await readFile(join(artifacts, name), 'utf8')).not.toContain(password);
    }
    const images = ['rootA', 'data', 'esp'].map(cut);
    const { stdout } = await run('grep', ['-laF', password, path, ...images]);
    expect(stdout).toBe(`${path}\n`);
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

  // Side by side: each machine keeps about one core busy. Stories that `npm test` leaves out restart
  // machines: updates by BIOS, Secure Boot, noble by UEFI.
  it.concurrent.each(['bios', 'uefi'])('boots by %s, and is healthy', async (firmware) => {
    const { stdout, stderr, exitCode } = await microLinux([
      ...['test', image, '--artifacts', artifacts],
      ...['--firmware', firmware, '--no-reboot'],
    ]);
    expect(`${stdout}${exitCode === 0 ? '' : stderr}`).not.toMatch(/FAIL/);
    expect(stdout).toMatch(/login prompt appears +ok /);
    expect(exitCode).toBe(0);
  });
});
