import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { Guarded } from '../../progress/stall-guard.ts';
import type { RawDevice } from '../../raw-device/raw-device.ts';
import { readRange } from '../../raw-device/read-range.ts';
import { differs } from '../../slot-image/read-back.ts';
import { FAILING_DISK } from './write-whole.ts';

export interface WriteImageOptions {
  /** The image, as one zstd stream. */
  readonly source: string;
  readonly device: RawDevice;
  /** Of the image: its length in bytes, and its SHA-256 in hex. */
  readonly bytes: number;
  readonly sha256: string;
  readonly guard: Guarded;
  readonly advance: (doneBytes: number, totalBytes: number) => void;
}

/** The part that firmware reads first: written after the rest. */
const HEAD_BYTES = 1 << 20;
const READ_BYTES = 1 << 20;

/**
 * Unpacks an image onto a device and reads all of it back from the disk. The first MiB is written
 * only after the rest was verified, and wiped again if it does not read back correctly: firmware
 * finds the whole image or none.
 *
 * @throws MicroLinuxError `image-mismatch` before the first MiB is written; `read-back-failed`,
 *   `slot-write-failed`, `slot-read-failed`.
 */
export async function writeImage(options: WriteImageOptions): Promise<void> {
  const { device, bytes, guard, advance } = options;
  const head = Buffer.alloc(Math.min(HEAD_BYTES, bytes));
  const digest = createHash('sha256');
  let offset = 0;
  await pipeline(
    createReadStream(options.source),
    // With the default of 16 KiB, an ESP took minutes.
    createZstdDecompress({ chunkSize: READ_BYTES }),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        if (offset + piece.length > bytes) {
          throw mismatch(options.source, `it is longer than ${bytes} bytes`);
        }
        digest.update(piece);
        const held = Math.max(0, Math.min(piece.length, head.length - offset));
        piece.copy(head, Math.min(offset, head.length), 0, held);
        if (held < piece.length) {
          await device.write(offset + held, piece.subarray(held));
        }
        offset += piece.length;
        guard.alive();
        advance(offset, bytes);
      }
    },
    { signal: guard.signal },
  );
  if (offset !== bytes || digest.digest('hex') !== options.sha256) {
    throw mismatch(options.source, 'its length or SHA-256 is not the one in install.json');
  }
  await device.sync();
  await expectOnDisk(options, createHash('sha256').update(head), head.length);
  try {
    await device.write(0, head);
    await device.sync();
    await expectOnDisk(options, createHash('sha256'), 0);
  } catch (error) {
    await device.write(0, Buffer.alloc(head.length)).catch(() => undefined);
    await device.sync().catch(() => undefined);
    throw error;
  }
}

/** Reads an image back. @param digest has processed everything before `start`, in bytes. */
async function expectOnDisk(
  { device, bytes, sha256, guard }: WriteImageOptions,
  digest: Hash,
  start: number,
): Promise<void> {
  const reader = await device.openReader();
  try {
    const range = { start, end: bytes, path: device.path };
    await readRange(reader, range, guard, (piece) => void digest.update(piece));
  } finally {
    await reader.close();
  }
  const found = digest.digest('hex');
  if (found !== sha256) {
    throw differs(device.path, `SHA-256 is ${found}, not ${sha256}`, FAILING_DISK);
  }
}

function mismatch(path: string, why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'image-mismatch',
    message: `${path} does not contain the image it should`,
    why,
    hint: 'build the medium again: micro-linux iso',
    exitCode: ExitCode.rejected,
  });
}
