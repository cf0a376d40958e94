import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf, type Runner } from '@micro-linux/core';
import { deviceBytes } from './device-bytes.ts';
import { deviceError, deviceInUse } from './device-error.ts';
import { openDeviceReader } from './device-reader.ts';
import { PAGE_BYTES, type RawDevice } from './raw-device.ts';

export interface OpenDeviceOptions {
  readonly run: Runner;
  /** Where the kernel describes block devices. */
  readonly sysBlock: string;
}

/**
 * Opens a partition or a disk for writing, for this process alone: with O_EXCL the kernel itself
 * refuses a block device that is mounted, swapped to, or held by another driver or another
 * exclusive user, and nobody can mount it while it is open here.
 *
 * @throws MicroLinuxError `slot-mounted`, `slot-unopenable`; from its functions
 * `slot-write-failed`.
 */
export async function openDevice(path: string, options: OpenDeviceOptions): Promise<RawDevice> {
  const bytes = await deviceBytes(path, options.sysBlock);
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDWR | constants.O_EXCL);
  } catch (error) {
    throw errnoOf(error) === 'EBUSY'
      ? deviceInUse(path, 'the kernel reports that it is mounted or in use')
      : deviceError('slot-unopenable', path, error);
  }
  const direct = await openDirect(path);
  return {
    path,
    bytes,
    async write(offset, data) {
      try {
        if (!direct || !inPages(offset, data) || !(await writeDirect(direct, offset, data))) {
          await writeAll(file, offset, data);
        }
      } catch (error) {
        throw deviceError('slot-write-failed', path, error);
      }
    },
    async sync() {
      try {
        await file.datasync();
      } catch (error) {
        throw deviceError('slot-write-failed', path, error);
      }
    },
    openReader: () => openDeviceReader(path, options.run),
    async close() {
      await direct?.close();
      await file.close();
    },
  };
}

/** Past the page cache: this saves a copy, and no data accumulates until the next sync. */
async function openDirect(path: string): Promise<FileHandle | undefined> {
  try {
    // Without O_EXCL, because this process has it open exclusively.
    return await open(path, constants.O_WRONLY | constants.O_DIRECT);
  } catch {
    return undefined;
  }
}

function inPages(offset: number, { length }: Uint8Array): boolean {
  return offset % PAGE_BYTES === 0 && length % PAGE_BYTES === 0;
}

/**
 * @returns false if the kernel does not accept these bytes for direct I/O because of their address.
 */
async function writeDirect(file: FileHandle, offset: number, data: Uint8Array): Promise<boolean> {
  try {
    await writeAll(file, offset, data);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EINVAL') {
      return false;
    }
    throw error;
  }
}

async function writeAll(file: FileHandle, offset: number, data: Uint8Array): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await file.write(data, done, data.length - done, offset + done);
    done += bytesWritten;
  }
}
