import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { MicroLinuxError } from '@micro-linux/core';
import { pageBuffer } from '../raw-device/page-buffer.ts';
import { PAGE_BYTES, wholePages } from '../raw-device/raw-device.ts';

/** The partition that holds the EFI programs. Offsets and lengths are bytes. */
export interface BootDevice {
  readonly bytes: number;
  read(offset: number, length: number): Buffer;
  write(offset: number, bytes: Uint8Array): void;
  /** Returns once all writes are on the disk. */
  flush(): void;
  /** Reads what the disk holds, past the page cache where the device has such reads. */
  readBack(offset: number, length: number): Buffer;
}

/**
 * Opens the partition, and closes it when `use` ends. The ESP may stay mounted read-only meanwhile:
 * the kernel reads its folders and tables through the same cache, and writes none of them.
 *
 * @param bytes length of the partition.
 * @throws MicroLinuxError `bootloader-failed` when the disk does not read or write.
 */
export function withBootDevice<T>(path: string, bytes: number, use: (device: BootDevice) => T): T {
  const opened: number[] = [];
  const attempt = <R>(what: string, action: () => R): R => {
    try {
      return action();
    } catch (cause) {
      throw new MicroLinuxError({
        code: 'bootloader-failed',
        message: `cannot ${what} ${path}`,
        why: cause instanceof Error ? cause.message : String(cause),
        hint: 'the programs that boot this machine are as they were; the disk may be failing: dmesg',
        cause,
      });
    }
  };
  const open = (flags: number) => {
    const file = openSync(path, flags);
    opened.push(file);
    return file;
  };
  try {
    const file = attempt('open', () => open(constants.O_RDWR));
    const direct = openDirect(open);
    return use({
      bytes,
      read: (offset, length) => attempt('read', () => readAll(file, Buffer.alloc(length), offset)),
      write: (offset, data) => attempt('write', () => writeAll(file, data, offset)),
      flush: () => attempt('flush', () => fsyncSync(file)),
      readBack: (offset, length) =>
        attempt('read back', () => {
          const start = offset - (offset % PAGE_BYTES);
          const end = offset + length;
          const pages = pageBuffer(wholePages(end - start));
          readAll(direct ?? file, pages.subarray(0, Math.min(pages.length, bytes - start)), start);
          return pages.subarray(offset - start, end - start);
        }),
    });
  } finally {
    for (const file of opened) {
      closeSync(file);
    }
  }
}

/** A file system without direct reads, as in tests, fails with this error. */
function openDirect(open: (flags: number) => number): number | undefined {
  try {
    return open(constants.O_RDONLY | constants.O_DIRECT);
  } catch {
    return undefined;
  }
}

function readAll(file: number, target: Buffer, offset: number): Buffer {
  for (let done = 0; done < target.length; ) {
    const read = readSync(file, target, done, target.length - done, offset + done);
    if (read === 0) {
      throw new Error(`it ends at byte ${offset + done}`);
    }
    done += read;
  }
  return target;
}

function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, offset + done);
  }
}
