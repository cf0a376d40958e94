import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { type EnvBlock, emptyBlock } from './block.ts';
import { writeBytes } from './block-file.ts';
import { type FileOps, nodeFileOps } from './file-ops.ts';
import { withIoErrors } from './io-error.ts';
import { serializeBlock } from './serialize.ts';

/**
 * Creates a block file and syncs it and its directory, so that it survives a power cut. Unlike
 * grub-editenv it never replaces a file. On failure it removes the new file.
 *
 * @param block its content; by default an empty block with both header lines
 * @throws GrubEnvError `already-exists`, `not-found` (no such directory), `block-full`,
 *   `short-transfer` or `io`
 */
export function createBlockFile(
  path: string,
  block: EnvBlock = emptyBlock(),
  ops: FileOps = nodeFileOps,
): void {
  const bytes = serializeBlock(block);
  const directory = dirname(path);
  // Opened before the file is created, so that a missing directory is named as the cause.
  const directoryFd = withIoErrors(directory, () => ops.open(directory, constants.O_RDONLY));
  try {
    // O_EXCL: of two concurrent creates one fails, and a dangling link is not followed.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    const fd = withIoErrors(path, () => ops.open(path, flags, 0o644));
    try {
      try {
        writeBytes(fd, path, bytes, ops);
      } finally {
        withIoErrors(path, () => ops.close(fd));
      }
      withIoErrors(directory, () => ops.fsync(directoryFd));
    } catch (error) {
      removeQuietly(path, ops);
      throw error;
    }
  } finally {
    withIoErrors(directory, () => ops.close(directoryFd));
  }
}

/**
 * The next read detects a partial file that could not be removed (`wrong-size`); the first error
 * matters more.
 */
function removeQuietly(path: string, ops: FileOps): void {
  try {
    ops.unlink(path);
  } catch {
    // See above.
  }
}
