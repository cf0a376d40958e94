/** Magic numbers of the skippable frames of an update, as the zstd format defines them. */
export const SkippableMagic = {
  manifest: 0x184d2a50,
  signatures: 0x184d2a51,
  /** The one that zstd's seekable format prescribes. */
  seekTable: 0x184d2a5e,
} as const;

/** Magic number and length before the payload of a skippable frame, in bytes. */
export const SKIPPABLE_HEADER_BYTES = 8;

/** A frame that every zstd decoder skips: magic, length, payload; little-endian. */
export function skippableFrame(magic: number, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(SKIPPABLE_HEADER_BYTES + payload.length);
  frame.writeUInt32LE(magic, 0);
  frame.writeUInt32LE(payload.length, 4);
  frame.set(payload, SKIPPABLE_HEADER_BYTES);
  return frame;
}
