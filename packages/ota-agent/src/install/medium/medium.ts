import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, firstIssue, MicroLinuxError } from '@micro-linux/core';
import { type InstallManifest, installManifestSchema, MediumPath } from '@micro-linux/provision';
import type { UpdateHead } from '@micro-linux/update-image';
import * as z from 'zod';

/** An installation medium whose own description was read. */
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
  bootCode: MediumPath.bootCode,
  core: MediumPath.core,
} as const satisfies Record<keyof InstallManifest['files'], string>;

export type MediumFile = keyof typeof MEDIUM_FILES;

/** Path of a file of a medium. */
export function mediumFile(medium: Pick<Medium, 'directory'>, file: MediumFile): string {
  return join(medium.directory, MEDIUM_FILES[file]);
}

/**
 * What a medium says of itself.
 *
 * @throws MicroLinuxError `medium-missing`, `medium-damaged`.
 */
export async function readManifest(directory: string): Promise<InstallManifest> {
  const path = join(directory, MediumPath.manifest);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'medium-missing',
      message: `${directory} holds no installation medium of micro-linux`,
      why: cause instanceof Error ? cause.message : String(cause),
      hint: 'mount the medium, and name the place with --medium',
      exitCode: ExitCode.usage,
      cause,
    });
  }
  try {
    return installManifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? firstIssue(cause) : String(cause);
    throw damaged(path, why, cause);
  }
}

/**
 * Reads a file of the medium to its end, and compares it with what the medium says of it.
 *
 * @param advance how many bytes more were read.
 * @throws MicroLinuxError `medium-damaged`.
 */
export async function checkMediumFile(
  medium: Pick<Medium, 'directory' | 'manifest'>,
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
 * A small file of the medium, read once and compared with what the medium says of it: what is written
 * to a disk are the very bytes that were checked.
 *
 * @throws MicroLinuxError `medium-damaged`.
 */
export async function readMediumFile(
  medium: Pick<Medium, 'directory' | 'manifest'>,
  name: 'bootCode' | 'core',
): Promise<Buffer> {
  const path = mediumFile(medium, name);
  const expected = medium.manifest.files[name];
  // One byte more than is expected shows a file that is too long.
  const buffer = Buffer.alloc(expected.bytes + 1);
  let length = 0;
  try {
    const file = await open(path);
    try {
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = (await file.read(buffer, length, buffer.length - length, length)).bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const content = buffer.subarray(0, length);
  if (
    length !== expected.bytes ||
    createHash('sha256').update(content).digest('hex') !== expected.sha256
  ) {
    throw damaged(path, 'its length or SHA-256 is not the one in install.json');
  }
  return content;
}

function damaged(path: string, why: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'medium-damaged',
    message: `${path} of the installation medium is damaged`,
    why,
    hint: 'write the medium again, or use another one',
    exitCode: ExitCode.rejected,
    ...(cause === undefined ? {} : { cause }),
  });
}
