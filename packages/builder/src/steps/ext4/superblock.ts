/** The superblock starts at 1 KiB and is 1 KiB long. */
const SUPERBLOCK_OFFSET = 1024;
export const SUPERBLOCK_END = 2048;

/** Fields of `struct ext4_super_block`, in the kernel's fs/ext4/ext4.h: offsets in bytes. */
const Field = {
  blocksLow: 0x4,
  logBlockSize: 0x18,
  magic: 0x38,
  incompatible: 0x60,
  blocksHigh: 0x150,
} as const;

const MAGIC = 0xef53;
/** INCOMPAT_EXTENTS and INCOMPAT_64BIT: the first distinguishes ext4 from ext2 and ext3. */
const EXTENTS = 0x40;
const IS_64BIT = 0x80;
/** 64 KiB blocks, the largest of ext4. */
const MAX_LOG_BLOCK_SIZE = 6;

/**
 * The size of an ext4 file system in bytes, from its superblock.
 *
 * @param start at least the first {@link SUPERBLOCK_END} bytes.
 * @returns undefined for anything but ext4.
 */
export function ext4Bytes(start: Buffer): number | undefined {
  const block = start.subarray(SUPERBLOCK_OFFSET, SUPERBLOCK_END);
  if (block.readUInt16LE(Field.magic) !== MAGIC) {
    return undefined;
  }
  const incompatible = block.readUInt32LE(Field.incompatible);
  const logBlockSize = block.readUInt32LE(Field.logBlockSize);
  if ((incompatible & EXTENTS) === 0 || logBlockSize > MAX_LOG_BLOCK_SIZE) {
    return undefined;
  }
  const high = (incompatible & IS_64BIT) === 0 ? 0 : block.readUInt32LE(Field.blocksHigh);
  return (high * 2 ** 32 + block.readUInt32LE(Field.blocksLow)) * 2 ** (10 + logBlockSize);
}
