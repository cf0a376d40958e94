import {
  chmod,
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunOptions, run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_SMALL_DISK, smallDisk } from '../src/small-disk.testdata.ts';

const SCRIPTS = join(import.meta.dirname, '../../../systemd/scripts');
const MIB = 1024 * 1024;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'systemd-scripts-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const script = (name: string, args: readonly string[], options?: RunOptions) =>
  run('/bin/sh', [join(SCRIPTS, name), ...args], options);

// sfdisk and stat of an ordinary user need no root for an image file.
const PATH = `${process.env['PATH']}:/usr/sbin:/sbin`;

describe('grow-data', () => {
  const SMALL_BYTES = 64 * MIB;
  const LARGE_BYTES = 256 * MIB;
  let image = '';

  beforeEach(async () => {
    image = join(directory, 'disk.img');
    await writeFile(image, '');
    await truncate(image, SMALL_BYTES);
    await run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', image], {
      env: { PATH },
      input: [
        'label: gpt',
        '14: start=2048, size=2048',
        '1: start=6144, size=8192',
        '2: start=14336, size=8192',
        '3: start=22528, size=8192',
        '4: start=30720, size=96256',
        '',
      ].join('\n'),
    });
  });

  async function table(): Promise<string[]> {
    const { stdout } = await run('sfdisk', ['--dump', image], { env: { PATH } });
    return stdout.split('\n').filter((line) => line.includes(' : start='));
  }

  async function dataEnd(): Promise<number> {
    const line = (await table()).find((entry) => entry.startsWith(`${image}4 `)) ?? '';
    const [, start, size] = /start= *(\d+), size= *(\d+)/.exec(line) ?? [];
    return Number(start) + Number(size) - 1;
  }

  it('gives partition 4 the rest of a larger disk and leaves the others alone', async () => {
    const before = await table();
    await truncate(image, LARGE_BYTES);
    await script('grow-data', [image]);
    const last = LARGE_BYTES / 512 - 34;
    expect(await dataEnd()).toBeGreaterThan(last - 2048);
    expect(await dataEnd()).toBeLessThanOrEqual(last);
    const others = (lines: string[]) => lines.filter((line) => !line.startsWith(`${image}4 `));
    expect(others(await table())).toEqual(others(before));
    const { stdout } = await run('sfdisk', ['--verify', image], { env: { PATH } });
    expect(stdout).toContain('No errors detected');
  });

  it('writes nothing when the partition fills the disk', async () => {
    await script('grow-data', [image]);
    const before = await readFile(image);
    expect((await script('grow-data', [image])).stdout).toBe('');
    expect(before.equals(await readFile(image))).toBe(true);
  });

  it.each(['header', 'entries'])(
    'finishes the work after a power cut while the primary table’s %s were written',
    async (part) => {
      await truncate(image, LARGE_BYTES);
      await script('grow-data', [image]);
      const end = await dataEnd();
      const bytes = await readFile(image);
      bytes.fill(0xa5, part === 'header' ? 512 : 1024, part === 'header' ? 1024 : 1536);
      await writeFile(image, bytes);
      await script('grow-data', [image]);
      expect(await dataEnd()).toBe(end);
      const { stdout, stderr } = await run('sfdisk', ['--verify', image], { env: { PATH } });
      expect(stdout + stderr).not.toMatch(/corrupt/i);
    },
  );

  it('fails on a disk that cannot be written, and changes nothing', async (test) => {
    test.skip(NO_SMALL_DISK !== undefined, NO_SMALL_DISK);
    const disk = await smallDisk(SMALL_BYTES);
    await copyFile(image, join(disk.path, 'disk.img'));
    image = join(disk.path, 'disk.img');
    await truncate(image, LARGE_BYTES);
    await disk.readOnly();
    const before = await table();
    await expect(script('grow-data', [image])).rejects.toMatchObject({ code: 'tool-failed' });
    expect(await table()).toEqual(before);
  });

  it('fails on a disk that has no partition 4', async () => {
    await run('sfdisk', ['--quiet', '--delete', '--no-reread', image, '4'], { env: { PATH } });
    await expect(script('grow-data', [image])).rejects.toMatchObject({ code: 'tool-failed' });
  });
});

describe('ssh-host-keys', () => {
  const KEYS = ['ssh_host_ecdsa_key', 'ssh_host_ed25519_key'];
  const read = (name: string) => readFile(join(directory, name), 'utf8');

  it('creates keys that only root can read, and no other files', async () => {
    await script('ssh-host-keys', [directory]);
    expect((await readdir(directory)).sort()).toEqual(
      KEYS.flatMap((name) => [name, `${name}.pub`]),
    );
    for (const name of KEYS) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
      expect((await stat(join(directory, `${name}.pub`))).mode & 0o777).toBe(0o644);
    }
  });

  it('never changes a key that works', async () => {
    await script('ssh-host-keys', [directory]);
    const before = await Promise.all(KEYS.map(read));
    expect((await script('ssh-host-keys', [directory])).stdout).toBe('');
    expect(await Promise.all(KEYS.map(read))).toEqual(before);
  });

  it.each(['', 'garbage'])('creates a new key in place of one that is %j', async (damage) => {
    await script('ssh-host-keys', [directory]);
    const [ecdsa, ed25519] = await Promise.all(KEYS.map(read));
    await writeFile(join(directory, 'ssh_host_ecdsa_key'), damage);
    await writeFile(join(directory, 'ssh_host_ecdsa_key.new'), 'half a key');
    await script('ssh-host-keys', [directory]);
    expect(await read('ssh_host_ecdsa_key')).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----/);
    expect(await read('ssh_host_ecdsa_key')).not.toBe(ecdsa);
    expect(await read('ssh_host_ed25519_key'), 'the sound one stays').toBe(ed25519);
    expect((await readdir(directory)).sort()).toEqual(
      KEYS.flatMap((name) => [name, `${name}.pub`]),
    );
  });

  it('does not change valid keys on a full disk, and leaves no partial files', async (test) => {
    test.skip(NO_SMALL_DISK !== undefined, NO_SMALL_DISK);
    await script('ssh-host-keys', [directory]);
    const disk = await smallDisk(MIB);
    for (const name of await readdir(directory)) {
      await copyFile(join(directory, name), join(disk.path, name));
      await chmod(join(disk.path, name), 0o600);
    }
    await rm(join(disk.path, 'ssh_host_ed25519_key'));
    disk.fill();
    const before = (await readdir(disk.path)).sort();
    await expect(script('ssh-host-keys', [disk.path])).rejects.toMatchObject({
      code: 'tool-failed',
      why: expect.stringContaining('is the data partition full or read-only?'),
    });
    expect((await readdir(disk.path)).sort()).toEqual(before);
    expect(await readFile(join(disk.path, 'ssh_host_ecdsa_key'), 'utf8')).toBe(
      await read('ssh_host_ecdsa_key'),
    );
  });

  it('does nothing on a read-only disk with valid keys', async (test) => {
    test.skip(NO_SMALL_DISK !== undefined, NO_SMALL_DISK);
    const disk = await smallDisk(MIB);
    await script('ssh-host-keys', [disk.path]);
    await disk.readOnly();
    expect((await script('ssh-host-keys', [disk.path])).stdout).toBe('');
  });

  it('keeps the identity when only a public half is missing or empty', async () => {
    await script('ssh-host-keys', [directory]);
    const before = await Promise.all(KEYS.map(read));
    const publicBefore = await read('ssh_host_ecdsa_key.pub');
    await rm(join(directory, 'ssh_host_ecdsa_key.pub'));
    await writeFile(join(directory, 'ssh_host_ed25519_key.pub'), '');
    await script('ssh-host-keys', [directory]);
    expect(await Promise.all(KEYS.map(read))).toEqual(before);
    const words = (line: string) => line.split(' ').slice(0, 2);
    expect(words((await read('ssh_host_ecdsa_key.pub')).trim())).toEqual(words(publicBefore));
  });
});
