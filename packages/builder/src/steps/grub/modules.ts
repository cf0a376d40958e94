import { partitionSpec } from '@micro-linux/core';

/** What grub.cfg needs. Debian's signed image (2.06) contains all of them. */
const COMMON_MODULES = [
  'boot',
  'configfile',
  'echo',
  'ext2',
  'fat',
  'gzio',
  'halt',
  'linux',
  'loadenv',
  'ls',
  'minicmd',
  'normal',
  'part_gpt',
  'part_msdos',
  'probe',
  'reboot',
  'regexp',
  'serial',
  'sleep',
  'terminal',
  'test',
  'true',
] as const;

/**
 * Beyond the signed images: checks a kernel before it is started. A kernel with a damaged
 * compressed part halts forever, and `panic=` has no effect that early.
 */
const HASH_MODULES = ['hashsum', 'gcry_sha256'] as const;

/** Modules to embed into core.img for BIOS: nothing is loaded from the disk. */
export const BIOS_MODULES: readonly string[] = ['biosdisk', ...COMMON_MODULES, ...HASH_MODULES];

/** Modules to embed into the image that boots an installation medium by BIOS. */
export const ISO_MODULES: readonly string[] = [
  'biosdisk',
  'chain',
  'iso9660',
  'search',
  'search_fs_uuid',
  ...COMMON_MODULES,
];

/** Modules to embed into an unsigned EFI image, if no signed one is available. */
export const EFI_MODULES: readonly string[] = [
  ...COMMON_MODULES,
  ...HASH_MODULES,
  'all_video',
  'efi_gop',
  'efi_uga',
  'efifwsetup',
];

/**
 * `--prefix` for `grub-mkimage`: on the ESP of the disk that GRUB was loaded from. Without a disk
 * name, BIOS GRUB uses the boot drive, and EFI GRUB the device its image was read from.
 */
export const BIOS_PREFIX = `(,gpt${partitionSpec('ESP').number})/grub`;
export const EFI_PREFIX = '/grub';
