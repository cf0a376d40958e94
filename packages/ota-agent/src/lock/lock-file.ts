import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { errnoOf } from '@micro-linux/core';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Creates the lock file so that only its owner can open it: anyone who can open it, even read-only,
 * could hold the lock forever. A file that others can open is replaced. Others may read the
 * directory, because it also contains settings, but must not be able to write it.
 *
 * @throws Error that says what is wrong with the directory.
 */
export function prepareLockFile(directory: string, path: string): void {
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  const stat = lstatSync(directory);
  if (!stat.isDirectory() || !isOurs(stat) || (stat.mode & OTHERS_WRITE) !== 0) {
    throw new Error(`${directory} must be a directory that only its owner, root, can write to`);
  }
  if (!isPrivate(path)) {
    unlinkSync(path);
    closeSync(openSync(path, NEW, FILE_MODE));
  }
}

const NEW = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Creates the file if there is none; returns whether only its owner can open it. */
function isPrivate(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, FILE_MODE);
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') {
      return false;
    }
    throw error;
  }
  try {
    const stat = fstatSync(file);
    return stat.isFile() && isOurs(stat) && (stat.mode & OTHERS) === 0;
  } finally {
    closeSync(file);
  }
}

function isOurs({ uid }: Stats): boolean {
  return uid === process.geteuid?.();
}
