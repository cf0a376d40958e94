import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Replaces a file of the state directory. After a power cut at any point the old or the new content
 * is there, whole; once this returns it is the new one. A directory that is missing is made.
 *
 * @throws MicroLinuxError `state-unwritable`.
 */
export function writeStateFile(path: string, content: string | Uint8Array): void {
  const directory = dirname(path);
  const temporary = `${path}.new`;
  try {
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
    const file = openSync(temporary, 'w', FILE_MODE);
    try {
      writeAll(file, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncDirectory(directory);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Removes a file of the state directory for good; one that is not there is no failure.
 *
 * @throws MicroLinuxError `state-unwritable`.
 */
export function removeStateFile(path: string): void {
  try {
    rmSync(path, { force: true });
    syncDirectory(dirname(path));
  } catch (error) {
    if (!isMissing(error)) {
      throw unwritable(path, error);
    }
  }
}

/**
 * A file of the state directory as text; undefined when there is none.
 *
 * @throws MicroLinuxError `state-unreadable`.
 */
export function readStateFile(path: string): string | undefined {
  return readStateBytes(path)?.toString('utf8');
}

/** As {@link readStateFile}, as bytes. */
export function readStateBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw new MicroLinuxError({
      code: 'state-unreadable',
      message: `cannot read ${path}`,
      why: error instanceof Error ? error.message : String(error),
      hint: 'run it as root',
      cause: error,
    });
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(file, bytes, written);
  }
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unwritable(path: string, cause: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'state-unwritable',
    message: `cannot write ${path}`,
    why: cause instanceof Error ? cause.message : String(cause),
    hint: 'run it as root; if you did: df -h /data; dmesg',
    cause,
  });
}
