import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A file of /etc whose version on this device takes precedence over the new image's. */
export interface EtcEdit {
  /** Below /etc. */
  readonly path: string;
  /** True if the device deleted the file, false if it changed it. */
  readonly deleted: boolean;
}

/** The directories to compare. */
export interface EtcPlaces {
  /** What was changed on this device: the upper layer of the overlay over /etc. */
  readonly changes: string;
  /** /etc of the running image. */
  readonly oldImage: string;
  /** /etc of the new image. */
  readonly newImage: string;
}

/**
 * Files that differ on every device by design: its identity, and accounts, which are merged at boot
 * (/usr/lib/micro-linux/merge-accounts).
 */
const OWN = new Set(
  ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid']
    .flatMap((name) => [name, `${name}-`])
    .concat('machine-id', 'hostname', 'hosts', 'resolv.conf', '.pwd.lock', 'ld.so.cache'),
);
/** Enough to notice a wrong directory. */
const MAXIMUM = 200;

/**
 * Files that were changed on this device and have another version in the new image. The device's
 * own file stays, so the image's is not used, which somebody should know.
 */
export function etcEdits(places: EtcPlaces): readonly EtcEdit[] {
  const edits: EtcEdit[] = [];
  const visit = (below: string) => {
    for (const name of namesIn(join(places.changes, below))) {
      const path = below === '' ? name : `${below}/${name}`;
      const own = contentOf(join(places.changes, path));
      if (own.kind === 'directory') {
        visit(path);
      } else if (edits.length < MAXIMUM && !OWN.has(path) && differs(path, own, places)) {
        edits.push({ path, deleted: own.kind === 'whiteout' });
      }
    }
  };
  visit('');
  return edits;
}

function differs(path: string, own: Content, { oldImage, newImage }: EtcPlaces): boolean {
  const shipped = contentOf(join(newImage, path));
  const before = contentOf(join(oldImage, path));
  return shipped.kind !== 'missing' && !same(own, shipped) && !same(own, before);
}

type Content =
  | { readonly kind: 'missing' | 'whiteout' | 'directory' | 'other' }
  | { readonly kind: 'file' | 'link'; readonly bytes: Buffer };

function contentOf(path: string): Content {
  try {
    const stat = lstatSync(path);
    if (stat.isFile()) {
      return { kind: 'file', bytes: readFileSync(path) };
    }
    if (stat.isSymbolicLink()) {
      return { kind: 'link', bytes: Buffer.from(readlinkSync(path)) };
    }
    if (stat.isDirectory()) {
      return { kind: 'directory' };
    }
    // overlayfs records a deletion as a character device 0:0.
    return { kind: stat.isCharacterDevice() && stat.rdev === 0 ? 'whiteout' : 'other' };
  } catch {
    return { kind: 'missing' };
  }
}

function same(a: Content, b: Content): boolean {
  if ('bytes' in a && 'bytes' in b) {
    return a.kind === b.kind && a.bytes.equals(b.bytes);
  }
  return a.kind === b.kind;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
