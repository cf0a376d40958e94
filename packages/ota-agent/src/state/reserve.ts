import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFully } from './write-fully.ts';

/*
 * Space on the data partition that only the agent can use. The reserve of the file system (mke2fs
 * -m) excludes ordinary users, but services that run as root can fill that, too. So the agent keeps
 * some files of written blocks. When the disk is full, a state file is written into one of them in
 * place and then renamed, so its blocks are never free for other programs.
 */

const DIRECTORY = 'reserve';
/**
 * Enough for the writes of one boot: two reports, index, history, rejections, and some spare ones.
 */
export const RESERVE_FILES = 8;
/** The history (256 KiB by default) and the longest health report fit. */
export const RESERVE_FILE_BYTES = 512 * 1024;

const MODE = 0o600;

/** Current size of the reserve, in bytes. Never throws. */
export function reservedBytes(stateDirectory: string): number {
  return reserveFiles(join(stateDirectory, DIRECTORY)).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Full size of the reserve, in bytes. */
export const RESERVE_BYTES = RESERVE_FILES * RESERVE_FILE_BYTES;

/**
 * Creates the missing part of the reserve if there is room; for a complete one this takes a few
 * calls of `stat`. Never throws: everything works without a reserve until the disk is full.
 */
export function keepReserve(stateDirectory: string): void {
  const directory = join(stateDirectory, DIRECTORY);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (let index = 0; index < RESERVE_FILES; index += 1) {
      fill(join(directory, String(index)));
    }
  } catch {
    // The disk is full or cannot be written: the existing part stays.
  }
}

/**
 * Writes `bytes` to `path` in blocks of the reserve, and syncs them.
 *
 * @param path a file of the state directory, or of a directory in it.
 * @returns the state directory; undefined if the reserve is used up, or none of its files is large
 *   enough.
 * @throws Error as `renameSync` and `writeSync` do.
 */
export function writeFromReserve(path: string, bytes: Uint8Array): string | undefined {
  const parent = dirname(path);
  // Heads of slots are one directory below the other files.
  const files = [parent, dirname(parent)].flatMap((place) => reserveFiles(join(place, DIRECTORY)));
  // The smallest that is large enough: the rest of its space is freed for any program.
  const [chosen] = files
    .filter((file) => file.bytes >= bytes.length)
    .sort((one, other) => one.bytes - other.bytes);
  if (!chosen) {
    return undefined;
  }
  renameSync(chosen.path, path);
  const file = openSync(path, 'r+');
  try {
    writeFully(file, bytes);
    ftruncateSync(file, bytes.length);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return dirname(dirname(chosen.path));
}

function reserveFiles(directory: string): { readonly path: string; readonly bytes: number }[] {
  try {
    return readdirSync(directory).flatMap((name) => {
      const path = join(directory, name);
      const stat = statSync(path);
      return stat.isFile() && stat.size > 0 ? [{ path, bytes: stat.size }] : [];
    });
  } catch {
    return [];
  }
}

/** Written, not only allocated, so that every file system can overwrite the blocks in place. */
function fill(path: string): void {
  const file = openSync(path, 'a', MODE);
  try {
    const missing = RESERVE_FILE_BYTES - fstatSync(file).size;
    if (missing > 0) {
      writeFully(file, new Uint8Array(missing));
      fsyncSync(file);
    }
  } finally {
    closeSync(file);
  }
}
