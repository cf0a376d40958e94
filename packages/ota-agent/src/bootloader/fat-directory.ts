/** A file or folder, as one 32-byte entry of a directory describes it. */
export interface FatEntry {
  /** In upper case; the long name if there is one. */
  readonly name: string;
  readonly isDirectory: boolean;
  readonly firstCluster: number;
  readonly bytes: number;
  /** Where the 32-byte entry is in the directory. */
  readonly offset: number;
}

const ENTRY_BYTES = 32;
const DELETED = 0xe5;
const Attribute = { volumeLabel: 0x08, directory: 0x10, longName: 0x0f } as const;

/**
 * The entries of a directory (Microsoft FAT specification, pages 22 to 30), without `.`, `..`, the
 * volume's label and what was deleted.
 *
 * @param directory the bytes of all its clusters.
 */
export function fatEntries(directory: Buffer): readonly FatEntry[] {
  const entries: FatEntry[] = [];
  let longName = '';
  for (let offset = 0; offset + ENTRY_BYTES <= directory.length; offset += ENTRY_BYTES) {
    const entry = directory.subarray(offset, offset + ENTRY_BYTES);
    const first = entry.readUInt8(0);
    if (first === 0) {
      break;
    }
    const attributes = entry.readUInt8(11);
    if (first === DELETED) {
      longName = '';
    } else if ((attributes & 0x3f) === Attribute.longName) {
      // The pieces of a long name precede their entry in reverse order.
      longName = longNamePiece(entry) + longName;
    } else {
      const name = longName || shortName(entry);
      longName = '';
      if ((attributes & Attribute.volumeLabel) === 0 && name !== '.' && name !== '..') {
        entries.push({
          name: name.toUpperCase(),
          isDirectory: (attributes & Attribute.directory) !== 0,
          firstCluster: (entry.readUInt16LE(20) << 16) | entry.readUInt16LE(26),
          bytes: entry.readUInt32LE(28),
          offset,
        });
      }
    }
  }
  return entries;
}

/** Sets the start and the length of the contents in an entry; its name does not change. */
export function pointEntry(
  directory: Buffer,
  offset: number,
  contents: Pick<FatEntry, 'firstCluster' | 'bytes'>,
): void {
  directory.writeUInt16LE(contents.firstCluster >>> 16, offset + 20);
  directory.writeUInt16LE(contents.firstCluster & 0xffff, offset + 26);
  directory.writeUInt32LE(contents.bytes, offset + 28);
}

function shortName(entry: Buffer): string {
  const base = entry.toString('latin1', 0, 8).trimEnd();
  const extension = entry.toString('latin1', 8, 11).trimEnd();
  return extension === '' ? base : `${base}.${extension}`;
}

function longNamePiece(entry: Buffer): string {
  const units = Buffer.concat([
    entry.subarray(1, 11),
    entry.subarray(14, 26),
    entry.subarray(28, 32),
  ]);
  // Ends with a zero, then 0xffff to the end of the entry.
  return units.toString('utf16le').replace(/\0.*$/su, '');
}
