import { deviceError } from './device-error.ts';
import { type DeviceReader, wholePages } from './raw-device.ts';

/**
 * Reads `bytes` at `offset` (whole pages), up to the end of the last page.
 *
 * @param path of the slot, for messages.
 * @param buffer whole pages; at least as long as those to read.
 * @returns the bytes, in `buffer`.
 * @throws MicroLinuxError `slot-read-failed`, also when the slot ends earlier.
 */
export async function readExactly(
  reader: DeviceReader,
  path: string,
  { offset, bytes }: { readonly offset: number; readonly bytes: number },
  buffer: Buffer,
): Promise<Buffer> {
  if ((await reader.read(offset, buffer.subarray(0, wholePages(bytes)))) < bytes) {
    throw deviceError('slot-read-failed', path, new Error(`it ends before byte ${offset + bytes}`));
  }
  return buffer.subarray(0, bytes);
}
