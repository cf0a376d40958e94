/** Labels of our file systems: for people only, never used to choose a slot. */
export const FileSystemLabel = {
  /** FAT. */
  esp: 'ESP',
  /** ext4, of either slot. */
  slot: 'micro-linux',
  /** ext4. */
  data: 'data',
} as const;

/**
 * Features both GRUB 2.06 can read and every e2fsprogs ≥ 1.47.0 knows: 1.47 turned on
 * metadata_csum_seed and orphan_file, which GRUB 2.06 refuses.
 */
export const READABLE_BY_GRUB = '^metadata_csum_seed,^orphan_file';

/** `mke2fs -O` for the data partition: it is written all the time and grows with the disk. */
export const DATA_FEATURES = `${READABLE_BY_GRUB},has_journal,resize_inode,metadata_csum`;
