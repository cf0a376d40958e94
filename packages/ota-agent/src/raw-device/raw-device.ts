/** Reads are whole pages at page boundaries, so that they can bypass the page cache. */
export const PAGE_BYTES = 4096;

/** `bytes`, rounded up to whole pages. */
export const wholePages = (bytes: number) => Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;

/**
 * A partition or a whole disk, open for writing. All writes to slots, and those of an installation
 * outside of file systems, go through this interface: tests wrap it to observe calls or to cut
 * power between two of them.
 */
export interface RawDevice {
  readonly path: string;
  readonly bytes: number;
  /**
   * Writes all of `data` at `offset`, both in bytes. It is on the disk after the next `sync`. Whole
   * pages from `ioMemory` or `pageBuffer` at a page boundary go past the page cache, which takes
   * less time.
   */
  write(offset: number, data: Uint8Array): Promise<void>;
  /** Returns when everything written so far is on the disk. */
  sync(): Promise<void>;
  /** Opens the disk for reading, past the page cache. */
  openReader(): Promise<DeviceReader>;
  close(): Promise<void>;
}

/** Reads from the disk itself, not from the page cache. */
export interface DeviceReader {
  /**
   * Reads from `offset` into `target` until it is full or the slot ends. Offset and length are
   * whole pages; `target` is from `ioMemory` or `pageBuffer`.
   *
   * @returns how many bytes were read.
   */
  read(offset: number, target: Buffer): Promise<number>;
  /** Drops cached data of the disk: call it after a `sync`, before the written data is read. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}
