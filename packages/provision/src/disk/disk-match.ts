/** Which disk is installed to: all rules must fit; texts may have the wildcards of fnmatch(3). */
export interface DiskMatch {
  readonly size: 'largest' | 'smallest';
  readonly serial: string | undefined;
  readonly model: string | undefined;
  /** As the kernel names it: `/dev/vda`. */
  readonly path: string | undefined;
  /** true: no turning platters; false: a hard disk. */
  readonly ssd: boolean | undefined;
}
