import { constants } from 'node:fs';
import type { EnvBlock } from './block.ts';
import { type FileOps, nodeFileOps } from './file-ops.ts';
import { BLOCK_BYTES } from './format.ts';
import { GrubEnvError } from './grubenv-error.ts';
import { notAFile, withIoErrors } from './io-error.ts';
import { parseBlock, wrongSize } from './parse.ts';
import { serializeBlock } from './serialize.ts';

/**
 * Reads and parses a block file.
 *
 * @throws GrubEnvError a `DamageCode`, `not-found`, `not-a-file`, `short-transfer` or `io`
 */
export function readBlockFile(path: string, ops: FileOps = nodeFileOps): EnvBlock {
  // O_NONBLOCK: a pipe gives an error instead of waiting for a writer.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  return withBlockFile(path, flags, ops, (fd) => parseBlock(readBytes(fd, path, ops)));
}

/**
 * Writes a block over an existing block file, in place: open, ONE write of 1024 bytes at offset 0,
 * fsync, close. The file is never renamed, truncated or created, so it keeps its inode and its
 * place on the disk. The old content does not matter, so this also repairs a damaged block, but its
 * size must be 1024 bytes.
 *
 * There is no lock: only one process at a time may edit a block.
 *
 * @throws GrubEnvError `wrong-size`, `not-found`, `not-a-file`, `block-full` or `io` before a byte
 *   is written; `short-transfer` or `io` (write, fsync) when the state of the disk is unknown
 */
export function writeBlockFile(path: string, block: EnvBlock, ops: FileOps = nodeFileOps): void {
  const bytes = serializeBlock(block);
  withBlockFile(path, constants.O_RDWR, ops, (fd) => writeBytes(fd, path, bytes, ops));
}

/**
 * Reads, edits and writes a block file through one open file. If the file is damaged or `edit`
 * throws, nothing is written.
 *
 * @param edit makes the new block from the current one
 * @returns the written block
 * @throws as {@link readBlockFile} and {@link writeBlockFile}, and whatever `edit` throws
 * @example updateBlockFile('/boot/efi/grubenv', (block) => setVariable(block, 'next_entry', 'B'))
 */
export function updateBlockFile(
  path: string,
  edit: (block: EnvBlock) => EnvBlock,
  ops: FileOps = nodeFileOps,
): EnvBlock {
  return withBlockFile(path, constants.O_RDWR, ops, (fd) => {
    const edited = edit(parseBlock(readBytes(fd, path, ops)));
    writeBytes(fd, path, serializeBlock(edited), ops);
    return edited;
  });
}

/** Opens the file, refuses what cannot be a block, and always closes it again. */
function withBlockFile<T>(path: string, flags: number, ops: FileOps, action: (fd: number) => T): T {
  const fd = withIoErrors(path, () => ops.open(path, flags));
  try {
    const stat = withIoErrors(path, () => ops.fstat(fd));
    if (!stat.isFile()) {
      throw notAFile(path);
    }
    if (stat.size !== BLOCK_BYTES) {
      throw wrongSize(stat.size);
    }
    return action(fd);
  } finally {
    withIoErrors(path, () => ops.close(fd));
  }
}

function readBytes(fd: number, path: string, ops: FileOps): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES);
  const count = withIoErrors(path, () => ops.read(fd, bytes, 0));
  if (count !== BLOCK_BYTES) {
    throw shortTransfer(path, 'read', count);
  }
  return bytes;
}

/** One pwrite, then fsync: also the second half of `createBlockFile`. */
export function writeBytes(fd: number, path: string, bytes: Uint8Array, ops: FileOps): void {
  const count = withIoErrors(path, () => ops.write(fd, bytes, 0));
  if (count !== BLOCK_BYTES) {
    // No retry: it would be a second write, and the caller knows better how to recover.
    throw shortTransfer(path, 'written', count);
  }
  withIoErrors(path, () => ops.fsync(fd));
}

function shortTransfer(path: string, verb: string, count: number): GrubEnvError {
  return new GrubEnvError({
    code: 'short-transfer',
    message: `only ${count} of ${BLOCK_BYTES} bytes of ${path} were ${verb}`,
    why: 'the disk may be full or failing, or another program may have changed the file',
    hint: 'look in the kernel log (dmesg), then read the block again before relying on it',
  });
}
