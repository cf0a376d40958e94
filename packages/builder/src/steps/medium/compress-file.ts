import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { moduleCommand } from '../../plan/module-command.ts';

/** An ESP, which is mostly empty, gets no smaller at higher levels. */
const LEVEL = 9;

/** Compresses a file with zstd and a checksum. The same bytes give the same file. */
export async function compressFile(from: string, to: string, signal: AbortSignal): Promise<void> {
  await pipeline(
    createReadStream(from, { highWaterMark: 1024 * 1024 }),
    createZstdCompress({
      params: {
        [constants.ZSTD_c_compressionLevel]: LEVEL,
        [constants.ZSTD_c_checksumFlag]: 1,
      },
    }),
    createWriteStream(to),
    { signal },
  );
}

/** The command that does what {@link compressFile} does. Another zstd would give other bytes. */
export function compressCommand(from: string, to: string): string {
  return moduleCommand(import.meta.filename, [from, to]);
}

if (import.meta.main) {
  const [from = '', to = ''] = process.argv.slice(2);
  await compressFile(from, to, new AbortController().signal);
}
