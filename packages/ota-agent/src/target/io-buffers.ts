import { MIB, MicroLinuxError } from '@micro-linux/core';
import { pageBuffers } from './page-buffers.ts';
import { PAGE_BYTES, type SlotReader } from './slot-device.ts';
import { errnoOf } from './slot-error.ts';

/**
 * glibc maps a block of this size by itself: its limit for that never grows beyond 32 MiB
 * (mallopt(3), M_MMAP_THRESHOLD). Pages of it that nobody uses take no memory.
 */
const MAPPED_BYTES = 33 * MIB;
/** What glibc keeps before such a block, from the beginning of a page (`malloc_chunk` in malloc.c). */
const MALLOC_HEADER_BYTES = 16;

/**
 * Buffers for many megabytes of direct I/O, in huge pages if the process was started so
 * (`glibc.malloc.hugetlb` in GLIBC_TUNABLES): the kernel then hands a disk a few long pieces of memory
 * and not one for every 4 KiB. That they begin where direct I/O demands follows from how
 * glibc lays out its memory; so the kernel is asked, by one read, and if it refuses them they come
 * from `pageBuffers`.
 *
 * @param bytes length of each, a multiple of a page.
 * @throws MicroLinuxError `slot-read-failed`.
 */
export async function ioBuffers(
  reader: SlotReader,
  count: number,
  bytes: number,
): Promise<readonly Buffer[]> {
  const start = PAGE_BYTES - MALLOC_HEADER_BYTES;
  const memory = Buffer.allocUnsafeSlow(Math.max(MAPPED_BYTES, start + count * bytes));
  if (!(await accepts(reader, memory.subarray(start, start + PAGE_BYTES)))) {
    return pageBuffers(count, bytes);
  }
  return Array.from({ length: count }, (_, index) =>
    memory.subarray(start + index * bytes, start + (index + 1) * bytes),
  );
}

async function accepts(reader: SlotReader, page: Buffer): Promise<boolean> {
  try {
    await reader.read(0, page);
    return true;
  } catch (error) {
    if (error instanceof MicroLinuxError && errnoOf(error.cause) === 'EINVAL') {
      return false;
    }
    throw error;
  }
}
