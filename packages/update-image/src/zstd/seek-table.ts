import { SKIPPABLE_HEADER_BYTES, SkippableMagic, skippableFrame } from './skippable-frame.ts';

/** One frame of the file, as listed in a seek table. */
export interface SeekEntry {
  readonly frameBytes: number;
  /** 0 for skippable frames. */
  readonly contentBytes: number;
}

const ENTRY_BYTES = 8;
const FOOTER_BYTES = 9;
const SEEKABLE_MAGIC = 0x8f92eab1;

/** Length of the whole seek table frame for `frames` entries, in bytes. */
export function seekTableBytes(frames: number): number {
  return SKIPPABLE_HEADER_BYTES + frames * ENTRY_BYTES + FOOTER_BYTES;
}

/** The last frame of a file in zstd's seekable format, without checksums. */
export function encodeSeekTable(entries: readonly SeekEntry[]): Buffer {
  const payload = Buffer.alloc(entries.length * ENTRY_BYTES + FOOTER_BYTES);
  let offset = 0;
  for (const { frameBytes, contentBytes } of entries) {
    payload.writeUInt32LE(frameBytes, offset);
    payload.writeUInt32LE(contentBytes, offset + 4);
    offset += ENTRY_BYTES;
  }
  payload.writeUInt32LE(entries.length, offset);
  // The descriptor byte between them stays 0: no checksums.
  payload.writeUInt32LE(SEEKABLE_MAGIC, offset + 5);
  return skippableFrame(SkippableMagic.seekTable, payload);
}
