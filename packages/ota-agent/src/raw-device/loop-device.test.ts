import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MicroLinuxError, run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { deviceBytes } from './device-bytes.ts';
import { unmountLeftover, withMountedSlot } from './mounted-slot.ts';
import { openDevice } from './open-device.ts';
import { pageBuffer } from './page-buffer.ts';
import { readDeviceUsers } from './read-device-users.ts';

/*
 * Uses a real block device and a real mount. Where they are not available (no root, a container), the
 * other tests use plain files and debugfs instead.
 */

const paths = {
  mounts: '/proc/self/mountinfo',
  swaps: '/proc/swaps',
  sysBlock: '/sys/class/block',
};
const scratch = mkdtempSync(join(tmpdir(), 'ota-agent-loop-'));
const attach = async (file: string) =>
  (await run('losetup', ['--find', '--show', file])).stdout.trim();
const detach = (device: string) => run('losetup', ['--detach', device]);

async function loopsWork(): Promise<boolean> {
  const file = join(scratch, 'probe');
  writeFileSync(file, Buffer.alloc(4096));
  try {
    await detach(await attach(file));
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!(await loopsWork()))('a block device', () => {
  const directory = join(scratch, 'run');
  let update: SampleUpdate;
  let device = '';
  beforeAll(async () => {
    update = await sampleUpdate();
    const file = join(scratch, 'slot');
    writeFileSync(file, update.image);
    device = await attach(file);
    mkdirSync(directory);
  });
  afterAll(async () => {
    await detach(device);
    update.remove();
    rmSync(scratch, { recursive: true });
  });

  it('has the length that the kernel reports', async () => {
    expect(await deviceBytes(device, paths.sysBlock)).toBe(update.image.length);
  });

  it('is written, and read past the page cache', async () => {
    const slot = await openDevice(device, { run, sysBlock: paths.sysBlock });
    try {
      await slot.write(4096, update.image.subarray(4096, 12_288));
      await slot.sync();
      const reader = await slot.openReader();
      const page = pageBuffer(8192);
      expect(await reader.read(4096, page)).toBe(8192);
      expect(page.equals(update.image.subarray(4096, 12_288))).toBe(true);
      await reader.close();
    } finally {
      await slot.close();
    }
  });

  it('allows one writer at a time, and none while it is mounted', async () => {
    const options = { run, sysBlock: paths.sysBlock };
    const slot = await openDevice(device, options);
    await expect(openDevice(device, options)).rejects.toMatchObject({ code: 'slot-mounted' });
    await slot.close();
    expect(readDeviceUsers(device, paths)).toEqual([]);
    await withMountedSlot({ path: device, directory, run }, async () => {
      expect(readDeviceUsers(device, paths)).toEqual([{ kind: 'mount', at: `${directory}/slot` }]);
      await expect(openDevice(device, options)).rejects.toMatchObject({ code: 'slot-mounted' });
    });
  });

  it('is mounted for an inspection, and unmounted even if that fails', async () => {
    const options = { path: device, directory, run };
    const seen = await withMountedSlot(options, (root) => readdirSync(root).sort());
    expect(seen).toEqual(['boot', 'etc', 'lost+found', 'usr']);
    const failing = withMountedSlot(options, () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(readDeviceUsers(device, paths)).toEqual([]);
  });

  it('is unmounted if a killed run left it mounted', async () => {
    const options = { path: device, directory, run };
    await run('mount', ['-o', 'ro,noload', device, join(directory, 'slot')]);
    const { stdout } = await run('cat', [paths.mounts]);
    await unmountLeftover(options, stdout);
    expect(readDeviceUsers(device, paths)).toEqual([]);
    expect(existsSync(join(directory, 'slot/boot'))).toBe(false);
  });

  it('fails to mount without a file system', async () => {
    // Another test's mount namespace may hold the mount of the one before for a moment.
    const slot = await vi.waitFor(() => openDevice(device, { run, sysBlock: paths.sysBlock }), {
      timeout: 600_000,
    });
    await slot.write(0, Buffer.alloc(4096));
    await slot.sync();
    await slot.close();
    const error = await withMountedSlot({ path: device, directory, run }, () => undefined).catch(
      (thrown: MicroLinuxError) => thrown,
    );
    expect(error).toMatchObject({ code: 'slot-unmountable', details: { device } });
  });
});
