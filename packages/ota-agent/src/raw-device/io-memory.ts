import { errnoOf, MicroLinuxError } from '@micro-linux/core';
import { pageBuffer } from './page-buffer.ts';
import { type DeviceReader, PAGE_BYTES } from './raw-device.ts';

/**
 * Size of glibc's header in front of a mapped block, which starts at a page boundary
 * (`malloc_chunk` in malloc.c). Large blocks are mapped: mallopt(3), M_MMAP_THRESHOLD.
 */
const MALLOC_HEADER_BYTES = 16;

/**
 * Memory for many megabytes of direct I/O, in huge pages if the process was started with them
 * (`glibc.malloc.hugetlb` in GLIBC_TUNABLES): the kernel then sends a few long requests to the disk
 * instead of one for every 4 KiB. Its alignment depends on how glibc lays out blocks, so one read
 * checks whether the kernel accepts it; if not, WebAssembly provides the memory.
 *
 * @param bytes whole pages. Unused pages take no memory.
 * @throws MicroLinuxError `slot-read-failed`.
 */
export async function ioMemory(reader: DeviceReader, bytes: number): Promise<Buffer> {
  const start = PAGE_BYTES - MALLOC_HEADER_BYTES;
  const memory = Buffer.allocUnsafeSlow(start + bytes).subarray(start);
  return (await accepts(reader, memory.subarray(0, PAGE_BYTES))) ? memory : pageBuffer(bytes);
}

/** The first `count` buffers of `bytes` each in `memory`. */
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
