import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Runner } from '@micro-linux/core';
import { deviceBytes } from './device-bytes.ts';
import type { SlotDevice } from './slot-device.ts';
import { errnoOf, slotError, slotMounted } from './slot-error.ts';
import { openSlotReader } from './slot-reader.ts';

export interface OpenSlotOptions {
  readonly run: Runner;
  /** Where the kernel describes block devices. */
  readonly sysBlock: string;
}

/**
 * Opens a slot for writing, for this process alone: with O_EXCL the kernel itself refuses a block
 * device that is mounted, swapped to, or held by another driver or another exclusive user, and lets
 * nobody mount it as long as it is open here.
 *
 * @throws MicroLinuxError `slot-mounted`, `slot-unopenable`; from its functions `slot-write-failed`.
 */
export async function openSlot(path: string, options: OpenSlotOptions): Promise<SlotDevice> {
  const bytes = await deviceBytes(path, options.sysBlock);
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDWR | constants.O_EXCL);
  } catch (error) {
    throw errnoOf(error) === 'EBUSY'
      ? slotMounted(path, ['the kernel says that it is mounted or held'])
      : slotError('open', path, error);
  }
  return {
    path,
    bytes,
    async write(offset, data) {
      try {
        for (let done = 0; done < data.length; ) {
          const { bytesWritten } = await file.write(data, done, data.length - done, offset + done);
          done += bytesWritten;
        }
      } catch (error) {
        throw slotError('write', path, error);
      }
    },
    async sync() {
      try {
        await file.datasync();
      } catch (error) {
        throw slotError('write', path, error);
      }
    },
    openReader: () => openSlotReader(path, options.run),
    close: () => file.close(),
  };
}
