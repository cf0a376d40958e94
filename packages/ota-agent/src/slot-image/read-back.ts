import { MicroLinuxError } from '@micro-linux/core';
import { pageBuffer } from '../raw-device/page-buffer.ts';
import { PAGE_BYTES, type RawDevice } from '../raw-device/raw-device.ts';

/** The first page of a slot that cannot be loaded. */
export function blankPage(slotBytes: number): Buffer {
  return Buffer.alloc(Math.min(PAGE_BYTES, slotBytes));
}

/**
 * Makes the slot loadable: writes its first page and reads it back. If the disk returns other
 * bytes, the page is wiped again.
 *
 * @throws MicroLinuxError `read-back-failed`, `slot-write-failed`, `slot-read-failed`.
 */
export async function expose(slot: RawDevice, firstPage: Buffer): Promise<void> {
  try {
    await slot.write(0, firstPage);
    await slot.sync();
    const page = pageBuffer(PAGE_BYTES);
    const reader = await slot.openReader();
    try {
      await reader.read(0, page);
    } finally {
      await reader.close();
    }
    if (!page.subarray(0, firstPage.length).equals(firstPage)) {
      throw differs(slot.path, `its first ${firstPage.length} bytes differ`);
    }
  } catch (error) {
    await wipe(slot).catch(() => undefined);
    throw error;
  }
}

/** Makes the slot unloadable: GRUB and the kernel identify an ext4 by these bytes. */
export async function wipe(slot: RawDevice): Promise<void> {
  await slot.write(0, blankPage(slot.bytes));
  await slot.sync();
}

/** `read-back-failed`: the disk returned other bytes than were written. */
export function differs(
  path: string,
  why: string,
  hint = 'the disk is failing: dmesg; the running system was not touched',
): MicroLinuxError {
  return new MicroLinuxError({
    code: 'read-back-failed',
    message: `${path} does not contain what was written to it`,
    why,
    hint,
    details: { device: path },
  });
}
