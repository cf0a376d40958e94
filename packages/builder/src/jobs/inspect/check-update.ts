import { createHash, hash } from 'node:crypto';
import { MicroLinuxError } from '@micro-linux/core';
import {
  type ChunkPlace,
  chunkPlaces,
  decodeChunk,
  fileSource,
  payloadBytes,
  readHead,
  seekTableOf,
  type UpdateHead,
  type UpdateSource,
  updateFileBytes,
} from '@micro-linux/update-image';

/** An update that was read completely and matches its manifest. */
export interface CheckedUpdate {
  readonly head: UpdateHead;
  /** Length of the file. */
  readonly bytes: number;
  /** Length of all chunk frames together. */
  readonly payloadBytes: number;
  readonly manifestSha256: string;
}

/** Chunks decompressed at once. */
const AT_ONCE = 4;

/**
 * Reads a whole update and compares it with its manifest. Does not check signatures.
 *
 * @throws MicroLinuxError what `readHead` and `decodeChunk` throw; `image-mismatch`,
 *   `seek-table-damaged`.
 */
export async function checkUpdate(
  path: string,
  options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
): Promise<CheckedUpdate> {
  const source = await fileSource(path);
  try {
    const head = await readHead(source);
    await checkChunks(source, head, options);
    await checkSeekTable(source, head);
    return {
      head,
      bytes: updateFileBytes(head),
      payloadBytes: payloadBytes(head.manifest),
      manifestSha256: hash('sha256', head.manifestBytes),
    };
  } finally {
    await source.close();
  }
}

async function checkChunks(
  source: UpdateSource,
  head: UpdateHead,
  options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
): Promise<void> {
  const places = chunkPlaces(head);
  const whole = createHash('sha256');
  for (let first = 0; first < places.length; first += AT_ONCE) {
    options.signal.throwIfAborted();
    const some = places.slice(first, first + AT_ONCE);
    for (const content of await Promise.all(some.map((place) => readChunk(source, place)))) {
      whole.update(content);
    }
    options.onProgress(first / places.length);
  }
  const sha256 = whole.digest('hex');
  if (sha256 !== head.manifest.image.sha256) {
    const { sha256: wanted } = head.manifest.image;
    throw imageMismatch(
      source.name,
      `each chunk has its hash, but all of them together have ${sha256}, not ${wanted}`,
    );
  }
}

function imageMismatch(name: string, why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'image-mismatch',
    message: `the slot image in ${name} is not the one its manifest names`,
    why,
    hint: 'build the update again: ./micro-linux update',
  });
}

async function readChunk(source: UpdateSource, place: ChunkPlace): Promise<Buffer> {
  const frame = Buffer.allocUnsafe(place.frameBytes);
  await source.readAt(place.frameOffset, frame);
  const content = await decodeChunk(place, frame);
  if (hash('sha256', content) !== place.sha256) {
    throw imageMismatch(
      source.name,
      `the frame of chunk ${place.index} has the right hash, but the hash of its content is not the one in the manifest`,
    );
  }
  return content;
}

async function checkSeekTable(source: UpdateSource, head: UpdateHead): Promise<void> {
  const expected = seekTableOf(head);
  const found = Buffer.alloc(expected.length);
  await source.readAt(updateFileBytes(head) - expected.length, found);
  if (!found.equals(expected)) {
    throw new MicroLinuxError({
      code: 'seek-table-damaged',
      message: `the seek table at the end of ${source.name} is damaged`,
      why: 'it does not follow from the manifest; chunks and manifest are good',
      hint: 'fetch the update again, or build it again: ./micro-linux update',
    });
  }
}
