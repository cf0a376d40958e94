import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { DEFAULT_CHUNK_BYTES, PAYLOAD_FORMAT, type Payload } from '@micro-linux/update-image/write';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import type { SlotDigest } from '../slot/slot-step.ts';
import { payloadCommand, writePayload } from './write-payload.ts';

/** A slot image cut into chunks, each compressed on its own. */
export interface PayloadFiles {
  /** The concatenated zstd frames. */
  readonly frames: string;
  /** JSON of a {@link Payload}. */
  readonly about: string;
}

export interface PayloadStepOptions {
  /** The slot image. */
  readonly image: string;
  /** JSON of the {@link SlotDigest} it must have; undefined: any image will do. */
  readonly digestFile: string | undefined;
  /** The step that makes the slot image; undefined: the payload is not cached. */
  readonly slot: Step<unknown> | undefined;
  /** zstd level, 1–22. */
  readonly level: number;
}

/** Compresses the slot image for update.img: this is most of the time of making an update. */
export function payloadStep(options: PayloadStepOptions): Step<PayloadFiles> {
  const { image, digestFile, slot, level } = options;
  const chunkBytes = DEFAULT_CHUNK_BYTES;
  const files = (directory: string): PayloadFiles => ({
    frames: join(directory, 'frames.zst'),
    about: join(directory, 'payload.json'),
  });
  return {
    id: 'update-payload',
    title: 'update payload (zstd)',
    code: [ownPath(import.meta.filename)],
    needs: slot ? [slot] : [],
    inputs: {
      level,
      chunkBytes,
      format: PAYLOAD_FORMAT,
      // Another library may produce different, equally valid bytes.
      zstd: process.versions['zstd'],
    },
    cached: slot !== undefined,
    describe: (directory) => [payloadCommand({ image, level, chunkBytes, ...files(directory) })],
    async run(context) {
      const payload = await writePayload(
        { image, level, chunkBytes, ...files(context.outputDirectory) },
        {
          signal: context.signal,
          onProgress: (done, total) => context.progress({ fraction: done / total }),
        },
      );
      if (digestFile !== undefined) {
        await requireSame(payload, digestFile);
      }
    },
    result: files,
  };
}

async function requireSame(payload: Payload, digestFile: string): Promise<void> {
  const slot = JSON.parse(await readFile(digestFile, 'utf8')) as SlotDigest;
  if (payload.sha256 !== slot.sha256) {
    throw new MicroLinuxError({
      code: 'slot-changed',
      message: 'the slot image in the cache is not the one that was built: its SHA-256 differs',
      why: `built: ${slot.sha256}\nread: ${payload.sha256}`,
      hint: './micro-linux build --fresh',
    });
  }
}
