import type { FileHandle } from 'node:fs/promises';
import { SECTOR_BYTES } from '@micro-linux/core';

/** Facts from the first sectors of a medium. */
export interface Volume {
  /** Name of the file system. */
  readonly id: string;
  /** Minimum size of a complete copy of the medium in bytes: file system and partition table. */
  readonly bytes: number;
  /** Whether there is a tree of names for Windows (Joliet) too. */
  readonly joliet: boolean;
}

/** Bytes of a block of an ISO 9660 file system. */
export const BLOCK_BYTES = 2048;

/** First volume descriptor (ECMA-119 §6.2.1), and how many are read. */
const FIRST_DESCRIPTOR = 16;
const DESCRIPTORS = 16;

const MAGIC = 'CD001';
const Type = { primary: 1, supplementary: 2, end: 255 } as const;

/** Escape sequences that mark a supplementary descriptor as Joliet: UCS-2 at levels 1 to 3. */
const JOLIET = new Set(['%/@', '%/C', '%/E']);

/** In a GPT header (UEFI spec §5.3.2): position of the second header, which is the last sector. */
const GPT_SIGNATURE = 'EFI PART';
const GPT_ALTERNATE_OFFSET = 32;

/** Reads the volume descriptors and the partition table's header; undefined if it is not an ISO. */
export async function readVolume(file: FileHandle): Promise<Volume | undefined> {
  const header = await read(file, SECTOR_BYTES, SECTOR_BYTES);
  const descriptors = await read(file, FIRST_DESCRIPTOR * BLOCK_BYTES, DESCRIPTORS * BLOCK_BYTES);
  return parseVolume(header, descriptors);
}

/**
 * @param header sector 1, with the GPT's header if there is one.
 * @param descriptors all from block 16 on, as far as the file goes.
 */
export function parseVolume(header: Buffer, descriptors: Buffer): Volume | undefined {
  let volume: Volume | undefined;
  for (let at = 0; at + BLOCK_BYTES <= descriptors.length; at += BLOCK_BYTES) {
    const one = descriptors.subarray(at, at + BLOCK_BYTES);
    const type = one.readUInt8(0);
    if (one.toString('latin1', 1, 6) !== MAGIC || type === Type.end) {
      break;
    }
    if (type === Type.primary && volume === undefined) {
      // Both numbers are stored in both byte orders; the first is little-endian.
      const bytes = one.readUInt32LE(80) * one.readUInt16LE(128);
      volume = {
        id: one.toString('latin1', 40, 72).trimEnd(),
        bytes: Math.max(bytes, endOfPartitionTable(header)),
        joliet: false,
      };
    } else if (
      type === Type.supplementary &&
      volume &&
      JOLIET.has(one.toString('latin1', 88, 91))
    ) {
      volume = { ...volume, joliet: true };
    }
  }
  return volume;
}

function endOfPartitionTable(header: Buffer): number {
  if (header.length < SECTOR_BYTES || header.toString('latin1', 0, 8) !== GPT_SIGNATURE) {
    return 0;
  }
  return (Number(header.readBigUInt64LE(GPT_ALTERNATE_OFFSET)) + 1) * SECTOR_BYTES;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
