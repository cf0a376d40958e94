import { open } from 'node:fs/promises';

/**
 * Reads a whole small file, so that an unverified file cannot use much memory.
 *
 * @param limit maximum number of bytes.
 * @throws RangeError when it has more; else what `open` and `read` throw.
 */
export async function readAtMost(path: string, limit: number): Promise<Buffer> {
  // One byte more than allowed detects a file that is too long.
  const buffer = Buffer.alloc(limit + 1);
  const file = await open(path);
  let length = 0;
  try {
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = (await file.read(buffer, length, buffer.length - length, length)).bytesRead;
    }
  } finally {
    await file.close();
  }
  if (length > limit) {
    throw new RangeError(`it has more than ${limit} bytes`);
  }
  return buffer.subarray(0, length);
}
