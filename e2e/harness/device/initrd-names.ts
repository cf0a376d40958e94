import { zstdDecompressSync } from 'node:zlib';

const MAGIC = '070701';
/** Bytes of a header: the magic and 13 numbers of 8 hex digits each. */
const HEADER_BYTES = 110;
const ZSTD_MAGIC = 0xfd2f_b528;

/**
 * The paths in an initrd: one or more cpio archives ("newc", cpio(5)) with zeros between them, the
 * last of which may be compressed by zstd.
 */
export function initrdNames(initrd: Buffer): string[] {
  const names: string[] = [];
  let bytes = initrd;
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      at += 1;
    } else if (bytes.length - at > 4 && bytes.readUInt32LE(at) === ZSTD_MAGIC) {
      bytes = zstdDecompressSync(bytes.subarray(at));
      at = 0;
    } else {
      const entry = entryAt(bytes, at);
      names.push(entry.name);
      at = entry.end;
    }
  }
  return names.filter((name) => name !== 'TRAILER!!!');
}

function entryAt(bytes: Buffer, at: number): { readonly name: string; readonly end: number } {
  if (bytes.toString('latin1', at, at + MAGIC.length) !== MAGIC) {
    throw new Error(`no cpio archive at byte ${at} of ${bytes.length}`);
  }
  const field = (index: number) =>
    Number.parseInt(bytes.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16);
  const [contentBytes, nameBytes] = [field(6), field(11)];
  const padded = (length: number) => Math.ceil(length / 4) * 4;
  const name = bytes.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + nameBytes - 1);
  return { name, end: at + padded(HEADER_BYTES + nameBytes) + padded(contentBytes) };
}
