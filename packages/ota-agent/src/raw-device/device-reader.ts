import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf, type Runner } from '@micro-linux/core';
import { deviceError } from './device-error.ts';
import { type DeviceReader, PAGE_BYTES } from './raw-device.ts';

const BLOCKDEV = '/usr/sbin/blockdev';
const FLUSH_TIMEOUT_MS = 120_000;

/**
 * Opens a slot for reading from its disk, by direct I/O. If the file system or device does not
 * support that, the kernel's cache of the device is dropped first (`blockdev --flushbufs`). A plain
 * file on such a file system, which only tests have, is read normally.
 *
 * @throws MicroLinuxError `slot-unopenable`, and from `read` `slot-read-failed`.
 */
export async function openDeviceReader(path: string, run: Runner): Promise<DeviceReader> {
  const { file, direct } = await openFile(path, run);
  return {
    async read(offset, target) {
      if (offset % PAGE_BYTES !== 0 || target.length % PAGE_BYTES !== 0) {
        throw new RangeError('slots are read in whole pages');
      }
      try {
        return await readUpTo(file, offset, target);
      } catch (error) {
        throw deviceError('slot-read-failed', path, error);
      }
    },
    async refresh() {
      if (!direct) {
        await forget(path, file, run);
      }
    },
    close: () => file.close(),
  };
}

async function openFile(
  path: string,
  run: Runner,
): Promise<{ readonly file: FileHandle; readonly direct: boolean }> {
  try {
    return { file: await open(path, constants.O_RDONLY | constants.O_DIRECT), direct: true };
  } catch (error) {
    if (errnoOf(error) !== 'EINVAL') {
      throw deviceError('slot-unopenable', path, error);
    }
  }
  const file = await open(path, constants.O_RDONLY).catch((error: unknown) => {
    throw deviceError('slot-unopenable', path, error);
  });
  await forget(path, file, run);
  return { file, direct: false };
}

async function forget(path: string, file: FileHandle, run: Runner): Promise<void> {
  if ((await file.stat()).isBlockDevice()) {
    await run(BLOCKDEV, ['--flushbufs', path], { timeoutMs: FLUSH_TIMEOUT_MS });
  }
}

/** A short direct read that does not end at a page boundary has reached the end of the device. */
async function readUpTo(file: FileHandle, offset: number, target: Buffer): Promise<number> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await file.read(target, done, target.length - done, offset + done);
    done += bytesRead;
    if (bytesRead === 0 || done % PAGE_BYTES !== 0) {
      break;
    }
  }
  return done;
}
