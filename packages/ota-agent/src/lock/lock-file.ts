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
 * Creates the file of the lock so that only its owner can open it: anyone who can, even only to
 * read, could hold the lock forever. A file that is open to others is replaced. The directory may be
 * read by others, because it also holds settings; it must not be writable for them.
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
