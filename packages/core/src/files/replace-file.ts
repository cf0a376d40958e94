import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../errors/errno-of.ts';

export interface ReplaceOptions {
  /**
   * Where the new file is created, on the file system of `path`. By default a unique hidden name in
   * the same directory. A leftover of a killed run is removed first: it may have another mode or be
   * a link.
   */
  readonly partial?: string | undefined;
  /** Its `reason` is thrown instead of replacing the file. */
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions extends ReplaceOptions {
  /**
   * Permissions, applied from the start and regardless of the umask. By default those of a new
   * file.
   */
  readonly mode?: number | undefined;
}

/** A new file that is on the disk but not renamed yet. */
export interface StagedFile<T> {
  /** The result of the function that created it. */
  readonly result: T;
  /**
   * Renames it in one step: after a power cut, either the old or the new file is there, complete.
   */
  commit(): Promise<void>;
  /** Removes it; does nothing after a commit. */
  discard(): Promise<void>;
}

/**
 * Creates a file next to `path`, syncs it and renames it to `path`. On failure, `path` is unchanged
 * and no other file is left.
 *
 * @param make writes the file at the given path, which does not exist yet.
 * @returns what `make` returned.
 * @throws what `make` and the operating system throw.
 */
export async function replaceFile<T>(
  path: string,
  make: (partial: string) => Promise<T>,
  options: ReplaceOptions = {},
): Promise<T> {
  const staged = await stageFile(path, make, options);
  try {
    options.signal?.throwIfAborted();
    await staged.commit();
  } finally {
    await staged.discard();
  }
  return staged.result;
}

/**
 * The first half of {@link replaceFile}, for several files that must all be complete before any of
 * them appears.
 */
export async function stageFile<T>(
  path: string,
  make: (partial: string) => Promise<T>,
  { partial = hiddenBeside(path) }: ReplaceOptions = {},
): Promise<StagedFile<T>> {
  try {
    await rm(partial, { force: true });
    const result = await make(partial);
    await syncPath(partial);
    return {
      result,
      async commit() {
        await rename(partial, path);
        await syncFolder(dirname(path));
      },
      discard: () => rm(partial, { force: true }),
    };
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** {@link replaceFile} for content in memory. */
export function writeWhole(
  path: string,
  content: string | Uint8Array,
  { mode, ...options }: WriteOptions = {},
): Promise<void> {
  return replaceFile(path, (partial) => writeNew(partial, content, mode), options);
}

/**
 * Writes a file that must not exist yet.
 *
 * @param mode permissions, regardless of the umask; undefined: those of a new file.
 */
export async function writeNew(
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    if (mode !== undefined) {
      await file.chmod(mode);
    }
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function hiddenBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`);
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Errors of file systems that cannot sync a folder, and of folders that are writable but not
 * readable.
 */
const CANNOT_SYNC: readonly (string | undefined)[] = ['EINVAL', 'ENOTSUP', 'EACCES', 'EBADF'];

/** The file is already renamed, so a folder that cannot be synced is not an error. */
async function syncFolder(path: string): Promise<void> {
  try {
    await syncPath(path);
  } catch (error) {
    if (!CANNOT_SYNC.includes(errnoOf(error))) {
      throw error;
    }
  }
}
