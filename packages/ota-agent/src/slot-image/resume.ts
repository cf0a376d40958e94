import type { ChunkPlace } from '@micro-linux/update-image';
import type { Guarded } from '../progress/stall-guard.ts';
import type { RawDevice } from '../raw-device/raw-device.ts';
import { readRange } from '../raw-device/read-range.ts';
import { chunkHasher } from './chunk-hasher.ts';

/**
 * Verifies the chunks that an earlier run claims to have written. The first one never passes: its
 * first 4 KiB are written last, so it is always fetched again.
 *
 * @returns indexes of the valid chunks.
 */
export async function chunksThatHold(
  slot: RawDevice,
  places: readonly ChunkPlace[],
  claimed: number,
  guard: Guarded,
): Promise<ReadonlySet<number>> {
  const good = new Set<number>();
  const claims = places.slice(1, claimed);
  const [first] = claims;
  const last = claims.at(-1);
  if (!first || !last) {
    return good;
  }
  const take = chunkHasher(claims, (place, isGood) => {
    if (isGood) {
      good.add(place.index);
    }
  });
  const reader = await slot.openReader();
  try {
    const range = { start: first.offset, end: last.offset + last.bytes, path: slot.path };
    await readRange(reader, range, guard, take);
  } finally {
    await reader.close();
  }
  return good;
}
