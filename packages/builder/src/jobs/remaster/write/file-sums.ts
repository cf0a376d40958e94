import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Mapped } from './xorriso-commands.ts';

/** MD5 in hex of each file by its path on the medium: casper compares these when it starts. */
export async function fileSums(
  mapped: readonly Mapped[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>();
  for (const { file, path } of mapped) {
    const hash = createHash('md5');
    await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash, { signal });
    sums.set(path, hash.digest('hex'));
  }
  return sums;
}
