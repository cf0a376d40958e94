import { createHash, hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { MicroLinuxError } from '@micro-linux/core';
import { releaseBuffer } from '../chunks/release-buffer.ts';
import { Limit, type ManifestChunk } from '../manifest.ts';
import { failed, ioFailure } from '../update-error.ts';
import { compressChunk } from './compress-chunk.ts';
import { DEFAULT_CHUNK_BYTES } from './defaults.ts';
import { checkCancelled, writeOutput } from './write-output.ts';

/** What a manifest says about the image: its `image` entry. */
export interface Payload {
  readonly bytes: number;
  readonly sha256: string;
  readonly chunkBytes: number;
  readonly chunks: readonly ManifestChunk[];
}

export interface CompressOptions {
  /** The slot image: a file. */
  readonly image: string;
  /** Receives the frames of all chunks, one after the other, and nothing else. */
  readonly output: string;
  /** zstd's level, 1 to 22. */
  readonly level: number;
  /** A power of two; {@link DEFAULT_CHUNK_BYTES} by default. */
  readonly chunkBytes?: number | undefined;
  /**
   * Number of chunks compressed at once; by default one per core. libuv has `UV_THREADPOOL_SIZE`
   * threads.
   */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

/** The highest level of zstd. */
const MAX_LEVEL = 22;

/** A chunk in progress. */
interface Job {
  readonly sha256: string;
  readonly frame: Promise<Buffer>;
}

/**
 * Compresses an image chunk by chunk, several at once, into `output`. The output depends only on
 * image, level and chunk length; memory use only on chunk length and concurrency.
 *
 * @throws MicroLinuxError `image-unreadable`, `image-invalid` (empty, too large, changed
 *   meanwhile), `update-unwritable`, `cancelled`.
 * @throws RangeError for a chunk length, level or concurrency that makes no sense.
 */
export async function compressImage(options: CompressOptions): Promise<Payload> {
  const { image, output, signal, chunkBytes = DEFAULT_CHUNK_BYTES } = options;
  const concurrency = options.concurrency ?? availableParallelism();
  checkNumbers(chunkBytes, concurrency, options.level);
  checkCancelled(signal);
  const source = await openImage(image);
  try {
    const { size } = await source.stat();
    checkSize(image, size);
    return await writeOutput(output, signal, async (file) => {
      const { sha256, chunks } = await compressAll(
        { ...options, chunkBytes, concurrency },
        source,
        size,
        file,
      );
      return { bytes: size, sha256, chunkBytes, chunks };
    });
  } finally {
    await source.close();
  }
}

async function compressAll(
  options: CompressOptions & { readonly chunkBytes: number; readonly concurrency: number },
  source: FileHandle,
  size: number,
  file: FileHandle,
): Promise<{ sha256: string; chunks: readonly ManifestChunk[] }> {
  const { image, level, chunkBytes, concurrency, signal, onProgress } = options;
  const whole = createHash('sha256');
  const chunks: ManifestChunk[] = [];
  const jobs: Job[] = [];
  // One more than are compressed at once: the next one is read and hashed meanwhile.
  const buffers = Array.from({ length: concurrency + 1 }, () => Buffer.allocUnsafeSlow(chunkBytes));

  async function finishOldest(): Promise<void> {
    const job = jobs[0];
    if (job) {
      const frame = await job.frame;
      jobs.shift();
      chunks.push({
        frameBytes: frame.length,
        frameSha256: hash('sha256', frame),
        sha256: job.sha256,
      });
      await writeAll(file, frame);
      releaseBuffer(frame);
      onProgress?.(Math.min(chunks.length * chunkBytes, size), size);
    }
  }

  try {
    for (let index = 0; index * chunkBytes < size; index += 1) {
      checkCancelled(signal);
      if (jobs.length === buffers.length) {
        await finishOldest();
      }
      const offset = index * chunkBytes;
      const buffer = buffers[index % buffers.length] ?? Buffer.alloc(0);
      const content = buffer.subarray(0, Math.min(chunkBytes, size - offset));
      await readExactly(source, image, offset, content);
      const frame = compressChunk(content, level);
      // It is awaited later; until then its failure must not be an unhandled rejection.
      frame.catch(() => undefined);
      jobs.push({ sha256: hash('sha256', content), frame });
      whole.update(content);
    }
    while (jobs.length > 0) {
      checkCancelled(signal);
      await finishOldest();
    }
  } finally {
    await Promise.allSettled(jobs.map(({ frame }) => frame));
  }
  return { sha256: whole.digest('hex'), chunks };
}

async function readExactly(source: FileHandle, name: string, offset: number, target: Buffer) {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await source
      .read(target, done, target.length - done, offset + done)
      .catch((error: unknown) => {
        throw ioFailure('image-unreadable', `cannot read ${name}`, error);
      });
    if (bytesRead === 0) {
      throw imageInvalid(name, 'it became shorter while it was read');
    }
    done += bytesRead;
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done)).bytesWritten;
  }
}

async function openImage(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw ioFailure('image-unreadable', `cannot read ${path}`, error);
  }
}

function checkNumbers(chunkBytes: number, concurrency: number, level: number): void {
  const powerOfTwo = Number.isInteger(Math.log2(chunkBytes));
  if (!powerOfTwo || chunkBytes < Limit.minChunkBytes || chunkBytes > Limit.maxChunkBytes) {
    throw new RangeError(`chunkBytes must be a power of two within the limits, not ${chunkBytes}`);
  }
  if (!Number.isInteger(level) || level < 1 || level > MAX_LEVEL) {
    throw new RangeError(`level must be 1 to ${MAX_LEVEL}, not ${level}`);
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`concurrency must be 1 or more, not ${concurrency}`);
  }
}

function checkSize(name: string, size: number): void {
  if (size === 0 || size > Limit.imageBytes) {
    throw imageInvalid(name, `it has ${size} bytes; 1 to ${Limit.imageBytes} are allowed`);
  }
}

function imageInvalid(name: string, why: string): MicroLinuxError {
  return failed({
    code: 'image-invalid',
    message: `${name} cannot become an update`,
    why,
    details: { file: name },
  });
}
