import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Runner } from '@micro-linux/core';
import { drive, xorriso } from './xorriso.ts';

/** The extents of a file in an ISO, in order. */
export interface IsoPlace {
  readonly bytes: number;
  readonly extents: readonly { readonly offset: number; readonly bytes: number }[];
}

/** ISO 9660: the first volume descriptor is in sector 16; its identifier follows a type of one byte. */
const SECTOR_BYTES = 2048;
const IDENTIFIER_OFFSET = 16 * SECTOR_BYTES + 1;
const IDENTIFIER = Buffer.from('CD001');

const PIECE_BYTES = 1 << 20;

/** Whether a file or USB stick contains an ISO; false if it cannot be read. */
export async function isIso(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const found = Buffer.alloc(IDENTIFIER.length);
      await file.read(found, 0, found.length, IDENTIFIER_OFFSET);
      return found.equals(IDENTIFIER);
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/** File data lba: extent , first sector , sectors , bytes of the file , 'path' */
const LINE = /^File data lba: +\d+ , +(\d+) , +(\d+) , +(\d+) , +'(.*)'$/;

/** The extents of all plain files of an ISO, by path. */
export async function isoPlaces(
  iso: string,
  { run, signal }: { readonly run: Runner; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, IsoPlace>> {
  const find = ['-indev', drive(iso), '-find', '/', '-type', 'f', '-exec', 'report_lba', '--'];
  const { stdout } = await xorriso(run, find, { signal });
  const places = new Map<string, IsoPlace>();
  for (const line of stdout.split('\n')) {
    const [, start, sectors, size, path] = LINE.exec(line) ?? [];
    if (path === undefined) {
      continue;
    }
    const { extents } = places.get(path) ?? { extents: [] };
    const before = extents.reduce((sum, extent) => sum + extent.bytes, 0);
    const bytes = Math.min(Number(sectors) * SECTOR_BYTES, Number(size) - before);
    const extent = { offset: Number(start) * SECTOR_BYTES, bytes };
    places.set(path, { bytes: Number(size), extents: [...extents, extent] });
  }
  return places;
}

/** SHA-256 of a file on an ISO, in lower-case hex. */
export async function isoFileDigest(iso: string, place: IsoPlace): Promise<string> {
  const digest = createHash('sha256');
  await withFile(iso, 'r', async (file) => {
    for await (const piece of pieces(file, place)) {
      digest.update(piece);
    }
  });
  return digest.digest('hex');
}

/** Content of a small file on an ISO. @throws RangeError if it has more than `limit` bytes. */
export async function readIsoFile(iso: string, place: IsoPlace, limit: number): Promise<Buffer> {
  if (place.bytes > limit) {
    throw new RangeError(`it has ${place.bytes} bytes, more than ${limit}`);
  }
  return withFile(iso, 'r', async (file) => {
    const all: Buffer[] = [];
    for await (const piece of pieces(file, place)) {
      all.push(Buffer.from(piece));
    }
    return Buffer.concat(all);
  });
}

/** Overwrites a file that has one extent with content of the same length, and syncs. */
export async function overwriteIsoFile(
  iso: string,
  { bytes, extents }: IsoPlace,
  content: Buffer,
): Promise<void> {
  const [only, ...more] = extents;
  if (!only || more.length > 0 || content.length !== bytes) {
    throw new RangeError(`${content.length} bytes cannot replace ${bytes}`);
  }
  await withFile(iso, 'r+', async (file) => {
    await file.write(content, 0, content.length, only.offset);
    await file.sync();
  });
}

async function* pieces(file: FileHandle, { extents }: IsoPlace): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(PIECE_BYTES);
  for (const { offset, bytes } of extents) {
    for (let done = 0; done < bytes; ) {
      const wanted = Math.min(PIECE_BYTES, bytes - done);
      const { bytesRead } = await file.read(buffer, 0, wanted, offset + done);
      if (bytesRead === 0) {
        return;
      }
      yield buffer.subarray(0, bytesRead);
      done += bytesRead;
    }
  }
}

async function withFile<T>(
  path: string,
  flags: 'r' | 'r+',
  use: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
