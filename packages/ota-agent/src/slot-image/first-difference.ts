import { type ChunkPlace, chunkPlaces, type UpdateHead } from '@micro-linux/update-image';
import type { Guarded } from '../progress/stall-guard.ts';
import type { DeviceReader } from '../raw-device/raw-device.ts';
import { readRange } from '../raw-device/read-range.ts';
import { chunkHasher } from './chunk-hasher.ts';

/**
 * The first chunk of a slot that differs from the head; undefined when none does. The chunks cover
 * the image without a gap, so then it is the signed image.
 *
 * @throws MicroLinuxError `slot-read-failed`, also when the slot is shorter than the image.
 */
export async function firstDifference(
  reader: DeviceReader,
  path: string,
  head: UpdateHead,
  guard: Guarded,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<ChunkPlace | undefined> {
  const { bytes } = head.manifest.image;
  let first: ChunkPlace | undefined;
  const take = chunkHasher(chunkPlaces(head), (place, good) => {
    first ??= good ? undefined : place;
  });
  await readRange(reader, { start: 0, end: bytes, path }, guard, (piece, offset) => {
    take(piece);
    onProgress(offset + piece.length, bytes);
  });
  return first;
}
