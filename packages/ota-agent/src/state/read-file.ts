import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { MIB } from '@micro-linux/core';

/** Enough for every state and config file of the agent; slot heads have their own limit. */
const MAXIMUM_BYTES = 4 * MIB;

const BLOCK_BYTES = 64 * 1024;

/**
 * The bytes of a regular file. Time and memory are bounded: a FIFO, a device or a directory is an
 * error, and so is a file that is too large.
 *
 * @param maximumBytes the largest file that is read.
 * @throws Error with a `code`, as `readFileSync` does: `ENOENT`, `EISDIR`, `EACCES`, `EIO`, …;
 *   `EINVAL` for anything but a regular file, `EFBIG` for one that is too large.
 */
export function readRegularFile(path: string, maximumBytes: number = MAXIMUM_BYTES): Buffer {
  // O_NONBLOCK: opening a FIFO would wait for a writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) {
      throw fileError('EISDIR', path, 'is a directory');
    }
    if (!stat.isFile()) {
      throw fileError('EINVAL', path, 'is not a regular file');
    }
    return readToEnd(file, path, maximumBytes);
  } finally {
    closeSync(file);
  }
}

/** Files of /proc have a size of 0 despite their content, so the size is not used. */
function readToEnd(file: number, path: string, maximumBytes: number): Buffer {
  const blocks: Buffer[] = [];
  for (let total = 0; ; ) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const length = readSync(file, block, 0, BLOCK_BYTES, null);
    if (length === 0) {
      return Buffer.concat(blocks);
    }
    total += length;
    if (total > maximumBytes) {
      throw fileError('EFBIG', path, `is larger than ${maximumBytes} bytes`);
    }
    blocks.push(block.subarray(0, length));
  }
}

function fileError(code: string, path: string, what: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path} ${what}`), { code, path });
}
