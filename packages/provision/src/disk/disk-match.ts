/**
 * Which disk to install to. All rules must match; text rules may contain the wildcards of
 * fnmatch(3).
 */
export interface DiskMatch {
  readonly size: 'largest' | 'smallest';
  readonly serial: string | undefined;
  readonly model: string | undefined;
  /** As the kernel names it: `/dev/vda`. */
  readonly path: string | undefined;
  /** true: an SSD; false: a hard disk. */
  readonly ssd: boolean | undefined;
}
