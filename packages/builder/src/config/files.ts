import { posix } from 'node:path';
import { Problem, show } from '@micro-linux/provision';

/** One file of the image, from the config itself. */
export interface FileConfig {
  /** In the slot, absolute. */
  readonly path: string;
  /** The text, or the absolute path of the file to copy. */
  readonly content: string | { readonly from: string };
  /** Permission bits, with setuid, setgid and sticky; undefined: those of the copied file, or 0644. */
  readonly mode: number | undefined;
  /** `user`, `user:group`, or numbers; undefined: as in {@link FilesConfig.owners}, or root. */
  readonly owner: string | undefined;
}

/** The product's own files in the image. */
export interface FilesConfig {
  /** Folders laid over the root of the slot, absolute paths; a later one wins. */
  readonly overlay: readonly string[];
  /** Win over the folders. */
  readonly files: readonly FileConfig[];
  /** Folders copied to the data partition when a device is first made, absolute paths. */
  readonly initial: readonly string[];
  /** Owner by path or glob, in the order of the config: a later one wins. */
  readonly owners: Readonly<Record<string, string>>;
}

/** Directories that every supported release merges into /usr; the short names are links to it. */
const MERGED = /^\/(?:bin|sbin|lib|lib32|lib64|libx32)(?=\/|$)/;

/** The same path without the links of the merged /usr: `/usr/bin/x` for `/bin/x`. */
export function withoutMergedLinks(path: string): string {
  return MERGED.test(path) ? `/usr${path}` : path;
}

/** Refuses what is not the plain absolute path of a file. */
export function checkImagePath(path: string): Problem | undefined {
  if (/\p{Cc}/u.test(path)) {
    return new Problem(`${show(path)} contains a control character`, 'write a path without it');
  }
  if (!path.startsWith('/')) {
    return new Problem(`${show(path)} is not an absolute path`, `write /${posix.normalize(path)}`);
  }
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
  if (normal === '/') {
    return new Problem(`${show(path)} is the root itself`, 'write the path of a file');
  }
  return normal === path
    ? undefined
    : new Problem(`${show(path)} is not the plain path of a file`, `write ${normal}`);
}

/** Refuses a key of `owners` that is not an absolute path or glob. */
export function checkOwnedPath(path: string): Problem | undefined {
  return path === '/' ? undefined : checkImagePath(path);
}

/** Names as in useradd(8), or ids; -1 and 65535 are not ids. */
const OWNER = /^(?:[a-z_][a-z0-9_-]{0,31}|\d{1,9})(?::(?:[a-z_][a-z0-9_-]{0,31}|\d{1,9}))?$/i;

/** Refuses what is neither `user` nor `user:group`. */
export function checkOwner(owner: string): Problem | undefined {
  return OWNER.test(owner)
    ? undefined
    : new Problem(`${show(owner)} is not an owner`, 'write user, user:group, or their ids');
}

/** The bits of an octal mode such as `0644`. */
export function parseMode(mode: string): number | Problem {
  return /^0?[0-7]{3}$|^[0-7]{4}$/.test(mode)
    ? Number.parseInt(mode, 8)
    : new Problem(
        `${show(mode)} is not a mode`,
        "write three or four octal digits, in quotes, such as '0644'",
      );
}
