import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { type InstallManifest, MediumPath } from '@micro-linux/provision';
import type { UpdateHead } from '@micro-linux/update-image';
import { damaged } from './damaged.ts';
import { readAtMost } from './read-at-most.ts';

/** An installation medium whose description was read. */
export interface Medium {
  /** Where it is mounted. */
  readonly directory: string;
  readonly manifest: InstallManifest;
  /** Manifest and signatures of its update. */
  readonly head: UpdateHead;
}

/** The files that a medium's description names. */
export const MEDIUM_FILES = {
  update: MediumPath.update,
  esp: MediumPath.esp,
  esp4k: MediumPath.esp4k,
  bootCode: MediumPath.bootCode,
  core: MediumPath.core,
  seed: MediumPath.seed,
} as const satisfies Record<keyof InstallManifest['files'], string>;

export type MediumFile = keyof typeof MEDIUM_FILES;

type Described = Pick<Medium, 'directory' | 'manifest'>;

/** Path of a file of a medium. */
export function mediumFile(medium: Pick<Medium, 'directory'>, file: MediumFile): string {
  return join(medium.directory, MEDIUM_FILES[file]);
}

/**
 * Reads a file of the medium to its end, and compares it with the medium's list.
 *
 * @param advance called with the number of bytes read since the last call.
 * @throws MicroLinuxError `medium-damaged`.
 */
export async function checkMediumFile(
  medium: Described,
  file: MediumFile,
  signal: AbortSignal,
  advance: (bytes: number) => void,
): Promise<void> {
  const path = mediumFile(medium, file);
  const expected = medium.manifest.files[file];
  const found = createHash('sha256');
  try {
    const { size } = await stat(path);
    if (size !== expected.bytes) {
      throw damaged(path, `it has ${size} bytes, not ${expected.bytes}`);
    }
    for await (const piece of createReadStream(path, { signal, highWaterMark: 1 << 20 })) {
      found.update(piece);
      advance(piece.length);
    }
  } catch (cause) {
    if (cause instanceof MicroLinuxError || signal.aborted) {
      throw cause;
    }
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (found.digest('hex') !== expected.sha256) {
    throw damaged(path, 'its SHA-256 is not the one in install.json');
  }
}

/**
 * A small file of the medium, read once and compared with the medium's list, so the checked bytes
 * are the ones that are used.
 *
 * @throws MicroLinuxError `medium-damaged`.
 */
export async function readMediumFile(
  medium: Described,
  name: 'bootCode' | 'core' | 'seed',
): Promise<Buffer> {
  const path = mediumFile(medium, name);
  const expected = medium.manifest.files[name];
  let content: Buffer;
  try {
    content = await readAtMost(path, expected.bytes);
  } catch (cause) {
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (content.length !== expected.bytes || sha256 !== expected.sha256) {
    throw damaged(path, 'its length or SHA-256 is not the one in install.json');
  }
  return content;
}
