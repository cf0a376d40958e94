import { errnoOf, MicroLinuxError } from '@micro-linux/core';
import { pageBuffer } from './page-buffer.ts';
import { type DeviceReader, PAGE_BYTES } from './raw-device.ts';

/**
 * What glibc keeps before a block that it maps by itself, from the beginning of a page
 * (`malloc_chunk` in malloc.c). It maps the large ones: mallopt(3), M_MMAP_THRESHOLD.
 */
const MALLOC_HEADER_BYTES = 16;

/**
 * Memory for many megabytes of direct I/O, in huge pages if the process was started so
 * (`glibc.malloc.hugetlb` in GLIBC_TUNABLES): the kernel then hands a disk a few long pieces and not
 * one for every 4 KiB. That it begins where direct I/O demands follows from how glibc lays
 * out its blocks; so the kernel is asked, by one read, and if it refuses, WebAssembly gives the memory.
 *
 * @param bytes whole pages. Those that are never used take no memory.
 * @throws MicroLinuxError `slot-read-failed`.
 */
export async function ioMemory(reader: DeviceReader, bytes: number): Promise<Buffer> {
  const start = PAGE_BYTES - MALLOC_HEADER_BYTES;
  const memory = Buffer.allocUnsafeSlow(start + bytes).subarray(start);
  return (await accepts(reader, memory.subarray(0, PAGE_BYTES))) ? memory : pageBuffer(bytes);
}

/** The first `count` buffers of `bytes` each that lie in `memory`. */
export function cut(memory: Buffer, count: number, bytes: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    memory.subarray(index * bytes, (index + 1) * bytes),
  );
}

async function accepts(reader: DeviceReader, page: Buffer): Promise<boolean> {
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
