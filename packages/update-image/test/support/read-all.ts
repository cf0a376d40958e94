import {
  chunkPlaces,
  decodeChunk,
  readHead,
  type UpdateHead,
  type UpdateSource,
} from '../../src/index.ts';

/** Reads an update from start to end; returns its head and image. */
export async function readAll(source: UpdateSource): Promise<{ head: UpdateHead; image: Buffer }> {
  const head = await readHead(source);
  const chunks: Buffer[] = [];
  for (const place of chunkPlaces(head)) {
    const frame = Buffer.alloc(place.frameBytes);
    await source.readAt(place.frameOffset, frame);
    chunks.push(await decodeChunk(place, frame));
  }
  return { head, image: Buffer.concat(chunks) };
}
