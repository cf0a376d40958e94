import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, limitHint, MicroLinuxError } from '@micro-linux/core';
import { readRegularFile } from './read-file.ts';
import { keepReserve, writeFromReserve } from './reserve.ts';
import { writeFully } from './write-fully.ts';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
/**
 * Never an existing file, and never through a link: an existing one is left over from a power cut.
 */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Replaces a file of the state directory. After a power cut at any point, the file has either the
 * old or the new content; once this returns, it has the new one. A missing directory is created. On
 * a full disk the agent's reserve is used.
 *
 * @throws MicroLinuxError `state-unwritable`.
 */
export function writeStateFile(path: string, content: string | Uint8Array): void {
  stageStateFile(path, content)();
}

/**
 * The first half of {@link writeStateFile}: the new content is on the disk, but not renamed yet.
 * The returned function renames it, which needs no space.
 *
 * @throws MicroLinuxError `state-unwritable`, also from the second half.
 */
export function stageStateFile(path: string, content: string | Uint8Array): () => void {
  const directory = dirname(path);
  const temporary = `${path}.new`;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  let reserveOf: string | undefined;
  unwritableOr(path, () => {
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
    rmSync(temporary, { force: true });
    try {
      writeNew(temporary, bytes);
    } catch (error) {
      rmSync(temporary, { force: true });
      reserveOf = isFull(error) ? writeFromReserve(temporary, bytes) : undefined;
      if (reserveOf === undefined) {
        throw error;
      }
    }
  });
  return () =>
    unwritableOr(path, () => {
      renameSync(temporary, path);
      syncDirectory(directory);
      if (reserveOf !== undefined) {
        // Includes a leftover, and the blocks of the old file.
        keepReserve(reserveOf);
      }
    });
}

/**
 * Removes a file of the state directory and syncs that; a missing file is not an error.
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
 * A file of the state directory as text; undefined when there is none. A file with unreadable
 * content is returned as empty, which every reader treats as damaged: damaged files get rewritten,
 * and otherwise a single bad sector would stop all updates permanently.
 *
 * @throws MicroLinuxError `state-unreadable`.
 */
export function readStateFile(path: string, maximumBytes?: number): string | undefined {
  return readStateBytes(path, maximumBytes)?.toString('utf8');
}

/** As {@link readStateFile}, as bytes. */
export function readStateBytes(path: string, maximumBytes?: number): Buffer | undefined {
  try {
    return readRegularFile(path, maximumBytes);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    if (isLost(error)) {
      return Buffer.alloc(0);
    }
    throw new MicroLinuxError({
      code: 'state-unreadable',
      message: `cannot read ${path}`,
      why: error instanceof Error ? error.message : String(error),
      hint: isForbidden(error)
        ? 'run it as root'
        : (limitHint(error) ?? `dmesg; then move it away: mv ${path} /root/`),
      cause: error,
    });
  }
}

function writeNew(path: string, bytes: Uint8Array): void {
  const file = openSync(path, NEW_FILE, FILE_MODE);
  try {
    writeFully(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
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

function unwritableOr(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'state-unwritable',
    message: `cannot write ${path}`,
    why: cause instanceof Error ? cause.message : String(cause),
    hint: isFull(cause)
      ? 'make room on the data partition: df -h /data; journalctl --vacuum-size=16M'
      : (limitHint(cause) ?? 'run it as root; if you did: findmnt /data; dmesg'),
    cause,
  });
}

const isFull = (error: unknown) => ['ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '');
/** An unreadable sector; a wrong checksum or structure of the file system. */
const isLost = (error: unknown) => ['EIO', 'EBADMSG', 'EUCLEAN'].includes(errnoOf(error) ?? '');
const isMissing = (error: unknown) => errnoOf(error) === 'ENOENT';
const isForbidden = (error: unknown) => ['EACCES', 'EPERM'].includes(errnoOf(error) ?? '');
