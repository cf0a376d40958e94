import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../errors/errno-of.ts';

export interface ReplaceOptions {
  /**
   * Where the new file is made, on the file system of `path`. By default a hidden name beside it that
   * nobody else uses. A file that a killed run left there is removed first: it may have another mode,
   * or be a link to another place.
   */
  readonly partial?: string | undefined;
  /** Its `reason` is thrown instead of replacing the file. */
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions extends ReplaceOptions {
  /** Permissions, from the first byte on and whatever the umask. By default those of a new file. */
  readonly mode?: number | undefined;
}

/** A new file that is on the disk, but does not have its name yet. */
export interface StagedFile<T> {
  /** What the function that made it returned. */
  readonly result: T;
  /** Gives it its name in one step: after a power cut, the old or the new file is there, whole. */
  commit(): Promise<void>;
  /** Removes it; does nothing after a commit. */
  discard(): Promise<void>;
}

/**
 * Makes a file beside `path`, syncs it and gives it that name. Whatever goes wrong, `path` is what it
 * was, and nothing is left beside it.
 *
 * @param make writes the file at the path it is given; nothing is there yet.
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

/** The first half of {@link replaceFile}, for several files of which none may appear before all are there. */
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

/** {@link replaceFile} for content that is in memory. */
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
 * @param mode permissions, whatever the umask; undefined: those of a new file.
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

/** What file systems answer that cannot sync a folder, and folders that may be written but not read. */
const CANNOT_SYNC: readonly (string | undefined)[] = ['EINVAL', 'ENOTSUP', 'EACCES', 'EBADF'];

/** The file has its name by now: that a folder cannot be synced is no reason to fail. */
async function syncFolder(path: string): Promise<void> {
  try {
    await syncPath(path);
  } catch (error) {
    if (!CANNOT_SYNC.includes(errnoOf(error))) {
      throw error;
    }
  }
}
