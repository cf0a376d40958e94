/** A file, directory or link on a medium. */
export interface ListedFile {
  /** Absolute, such as `/casper/vmlinuz`. */
  readonly path: string;
  /** `other`: the boot catalog, a device. */
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly bytes: number;
}

/** All entries of a medium, by path. */
export type Listing = ReadonlyMap<string, ListedFile>;

/** A line of xorriso's `-find / -exec lsdl`: mode, links, owner, group, size, time, path in quotes. */
const LINE = /^([a-z-])[rwxsStT-]{9}\S*\s+\d+\s+\S+\s+\S+\s+(\d+)\s.*?\s'(.*)'$/;

const KINDS: Readonly<Record<string, ListedFile['kind']>> = {
  '-': 'file',
  d: 'directory',
  l: 'link',
};

/** Parses the output of `xorriso -find / -exec lsdl --`; ignores other lines. */
export function parseListing(listing: string): Listing {
  const files = listing.split('\n').flatMap((line): ListedFile[] => {
    const [, mode = '', bytes, quoted = ''] = LINE.exec(line) ?? [];
    if (bytes === undefined) {
      return [];
    }
    const kind = KINDS[mode] ?? 'other';
    const path = unquote(kind === 'link' ? (quoted.split("' -> '")[0] ?? quoted) : quoted);
    return [{ path, kind, bytes: kind === 'file' ? Number(bytes) : 0 }];
  });
  return new Map(files.map((file) => [file.path, file]));
}

/** A quote in a name is escaped as in a shell: `'"'"'`. */
function unquote(text: string): string {
  return text.replaceAll(`'"'"'`, "'");
}
