import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/**
 * State of the machine rather than edits: kept across updates by design,
 * docs/explanation/persistence.md. Names that end in `-` are backups made by passwd's tools.
 */
const STATE =
  /^(passwd|shadow|group|gshadow|subuid|subgid)-?$|^(\.pwd\.lock|\.updated|machine-id|hostname|hosts|resolv\.conf|mtab|adjtime|localtime|timezone|ld\.so\.cache|locale\.conf|default\/locale)$|^ssh\/ssh_host_/;

/**
 * Files of the image in /etc that were changed or removed on this device, so that updates do not
 * change them. Paths relative to /etc, sorted.
 *
 * @param changes the upper directory of the overlay over /etc.
 * @param image the slot's own /etc.
 * @returns undefined when either cannot be read.
 */
export function etcChanges(changes: string, image: string): readonly string[] | undefined {
  try {
    readdirSync(image);
    return filesBelow(changes, '')
      .filter((path) => !STATE.test(path) && differs(join(changes, path), join(image, path)))
      .sort();
  } catch {
    return undefined;
  }
}

function filesBelow(root: string, directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? readableBelow(root, path) : [path];
  });
}

/** A directory that this user may not read is skipped; root reads it. */
function readableBelow(root: string, directory: string): string[] {
  try {
    return filesBelow(root, directory);
  } catch {
    return [];
  }
}

/** Whether a file of the overlay replaces a different one of the image. */
function differs(changed: string, shipped: string): boolean {
  const below = statOr(shipped);
  if (!below) {
    return false;
  }
  const above = lstatSync(changed);
  if (above.isFile() && below.isFile()) {
    return above.size !== below.size || !sameBytes(changed, shipped);
  }
  if (above.isSymbolicLink() && below.isSymbolicLink()) {
    return readlinkSync(changed) !== readlinkSync(shipped);
  }
  // A whiteout (a character device) stands for a file that was removed.
  return true;
}

function sameBytes(one: string, other: string): boolean {
  try {
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    // A file that only root can read may be the same; root gets an exact answer.
    return true;
  }
}

function statOr(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
