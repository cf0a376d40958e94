import { MicroLinuxError, SECTOR_BYTES } from '@micro-linux/core';

/** What is written where on a disk that boots by BIOS. */
export interface BiosBootSectors {
  /** The first 440 bytes of sector 0; the rest of that sector belongs to the partition table. */
  readonly bootCode: Uint8Array;
  /** Begins at the first sector of the BIOS boot partition. */
  readonly core: Uint8Array;
}

/** Boot code before the disk signature and the partition table (MBR layout; GRUB's boot.S). */
export const BOOT_CODE_BYTES = 440;

/** In boot.img: 64-bit LBA of core.img's first sector (GRUB, i386/pc/boot.h, KERNEL_SECTOR). */
const KERNEL_SECTOR_OFFSET = 0x5c;

/** In boot.img: the BIOS drive to read; 0xff keeps the one the BIOS booted (BOOT_DRIVE). */
const BOOT_DRIVE_OFFSET = 0x64;
const BOOT_DRIVE_FROM_BIOS = 0xff;

/** In core.img's first sector: the last block-list entry (0x200 − 12, diskboot.h LIST_OFFSET). */
const BLOCK_LIST_OFFSET = 0x1f4;

/** Where the second sector of core.img is loaded (diskboot: 0x8200 as a segment). */
const KERNEL_SEGMENT = 0x820;

/**
 * Patches boot.img and core.img as `grub-install` does, but without a device.
 *
 * @param boot GRUB's boot.img, 512 bytes.
 * @param core the output of grub-mkimage for i386-pc.
 * @param start first sector of the BIOS boot partition.
 * @param sectors its length.
 * @throws MicroLinuxError `grub-core-too-large`, `grub-boot-image`.
 */
export function biosBootSectors(
  boot: Uint8Array,
  core: Uint8Array,
  start: number,
  sectors: number,
): BiosBootSectors {
  const coreSectors = Math.ceil(core.length / SECTOR_BYTES);
  if (coreSectors > sectors) {
    throw new MicroLinuxError({
      code: 'grub-core-too-large',
      message: `GRUB's core.img needs ${coreSectors} sectors; the BIOS boot partition has ${sectors}`,
    });
  }
  if (boot.length !== SECTOR_BYTES) {
    throw new MicroLinuxError({
      code: 'grub-boot-image',
      message: `GRUB's boot.img is ${boot.length} bytes long, not ${SECTOR_BYTES}`,
      hint: 'reinstall the package grub-pc-bin',
    });
  }
  const bootCode = Buffer.from(boot);
  bootCode.writeBigUInt64LE(BigInt(start), KERNEL_SECTOR_OFFSET);
  bootCode.writeUInt8(BOOT_DRIVE_FROM_BIOS, BOOT_DRIVE_OFFSET);

  const patched = Buffer.alloc(coreSectors * SECTOR_BYTES);
  patched.set(core);
  patched.writeBigUInt64LE(BigInt(start + 1), BLOCK_LIST_OFFSET);
  patched.writeUInt16LE(coreSectors - 1, BLOCK_LIST_OFFSET + 8);
  patched.writeUInt16LE(KERNEL_SEGMENT, BLOCK_LIST_OFFSET + 10);
  return { bootCode: bootCode.subarray(0, BOOT_CODE_BYTES), core: patched };
}
