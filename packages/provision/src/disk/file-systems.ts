/** Labels of our file systems. They are for people and never used to choose a slot. */
export const FileSystemLabel = {
  /** FAT. */
  esp: 'ESP',
  /** ext4, both slots. */
  slot: 'micro-linux',
  /** ext4. */
  data: 'data',
} as const;

/**
 * Features that GRUB 2.06 can read and every e2fsprogs ≥ 1.47.0 supports. 1.47 enabled
 * metadata_csum_seed and orphan_file, which GRUB 2.06 refuses.
 */
export const READABLE_BY_GRUB = '^metadata_csum_seed,^orphan_file';

/**
 * `mke2fs -m` for the data partition: the percentage that only root can fill, as in mke2fs.
 * Services and root logins still work when users have filled the rest. prepare-state sets it on
 * disks that were made without it.
 */
export const DATA_ROOT_PERCENT = 5;

/**
 * `mke2fs -e` for the data partition. With `continue`, writes after the kernel has found damage
 * would make it worse. With `panic`, the machine would alternate between the slots, which share
 * this partition. With `remount-ro` the machine stays reachable, and the next start repairs the
 * file system.
 */
export const DATA_ON_ERROR = 'remount-ro';

/** `mke2fs -O` for the data partition, which is written all the time and grows with the disk. */
export const DATA_FEATURES = `${READABLE_BY_GRUB},has_journal,resize_inode,metadata_csum`;
