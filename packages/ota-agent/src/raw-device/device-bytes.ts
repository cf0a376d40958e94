import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SECTOR_BYTES } from '@micro-linux/core';
import { deviceError } from './device-error.ts';

/**
 * Length of a block device or a plain file, in bytes.
 *
 * @param sysBlock where the kernel describes block devices, `/sys/class/block`.
 * @throws MicroLinuxError `slot-unopenable`.
 */
export async function deviceBytes(path: string, sysBlock: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isBlockDevice()) {
      return found.size;
    }
    // The kernel's unit in sysfs, whatever the device's own sectors are.
    const name = basename(await realpath(path));
    return Number(await readFile(join(sysBlock, name, 'size'), 'utf8')) * SECTOR_BYTES;
  } catch (error) {
    throw deviceError('slot-unopenable', path, error);
  }
}
