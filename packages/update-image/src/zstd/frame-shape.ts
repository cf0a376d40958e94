/** What the headers of one zstd frame say. */
export interface FrameShape {
  /** Length of the frame, in bytes. */
  readonly frameBytes: number;
  /** Length of its content; undefined when the frame does not state it. */
  readonly contentBytes: number | undefined;
  readonly hasChecksum: boolean;
  /** Window that a decoder needs, in bytes; the content's length when the frame is one segment. */
  readonly windowBytes: number | undefined;
}

const MAGIC = 0xfd2fb528;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
/** Lengths of fields, by the two bits that select them. */
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const BlockType = { runLength: 1, reserved: 3 } as const;

/**
 * Walks over the frame at the start of `bytes` without decompressing it (RFC 8878, 3.1.1).
 *
 * @returns undefined unless `bytes` begins with a complete frame.
 */
export function frameShape(bytes: Buffer): FrameShape | undefined {
  if (bytes.length < 5 || bytes.readUInt32LE(0) !== MAGIC) {
    return undefined;
  }
  const descriptor = bytes.readUInt8(4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const dictionaryBytes = DICTIONARY_ID_BYTES[descriptor & 3] ?? 0;
  const sizeBytes = CONTENT_SIZE_BYTES[descriptor >> 6] || (singleSegment ? 1 : 0);
  const sizeOffset = 5 + (singleSegment ? 0 : 1) + dictionaryBytes;
  if ((descriptor & 0x08) !== 0 || bytes.length < sizeOffset + sizeBytes) {
    return undefined;
  }

  let offset = sizeOffset + sizeBytes;
  for (let last = false; !last; ) {
    if (bytes.length < offset + BLOCK_HEADER_BYTES) {
      return undefined;
    }
    const header = bytes.readUIntLE(offset, BLOCK_HEADER_BYTES);
    const type = (header >> 1) & 3;
    if (type === BlockType.reserved) {
      return undefined;
    }
    last = (header & 1) === 1;
    offset += BLOCK_HEADER_BYTES + (type === BlockType.runLength ? 1 : header >> 3);
  }
  const contentBytes = contentSize(bytes, sizeOffset, sizeBytes);
  const frameBytes = offset + (hasChecksum ? CHECKSUM_BYTES : 0);
  return bytes.length < frameBytes
    ? undefined
    : {
        frameBytes,
        contentBytes,
        hasChecksum,
        windowBytes: singleSegment ? contentBytes : windowSize(bytes.readUInt8(5)),
      };
}

/** RFC 8878, 3.1.1.1.2. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(bytes: Buffer, offset: number, length: number): number | undefined {
  switch (length) {
    case 0:
      return undefined;
    case 2:
      return bytes.readUInt16LE(offset) + 256;
    case 8:
      return Number(bytes.readBigUInt64LE(offset));
    default:
      return bytes.readUIntLE(offset, length);
  }
}
