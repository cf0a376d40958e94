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

/**
 * `mke2fs -m` for the data partition: percent that only root can fill, mke2fs's own default. Services
 * and logins of root work while users have filled the rest. prepare-state gives it to disks that were
 * made without.
 */
export const DATA_ROOT_PERCENT = 5;

/**
 * `mke2fs -e` for the data partition. What `continue` would write after the kernel has found damage
 * makes it worse, and a panic would lead from one slot to the other and back, as both have this
 * partition. Read-only the machine can be reached, and the next start repairs.
 */
export const DATA_ON_ERROR = 'remount-ro';

/** `mke2fs -O` for the data partition: it is written all the time and grows with the disk. */
export const DATA_FEATURES = `${READABLE_BY_GRUB},has_journal,resize_inode,metadata_csum`;
