/** Reads are whole pages at page boundaries, so that they can bypass the page cache. */
export const PAGE_BYTES = 4096;

/** `bytes`, rounded up to whole pages. */
export const wholePages = (bytes: number) => Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;

/**
 * A partition or a whole disk, open for writing. Slots, and what an installation writes outside of file
 * systems, are written only this way: a test wraps it to watch, or to cut the power between two calls.
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
   * Reads from `offset` into `target` until it is full or the slot ends; offset and length in
   * whole pages, and `target` from `ioMemory` or `pageBuffer`.
   *
   * @returns how many bytes were read.
   */
  read(offset: number, target: Buffer): Promise<number>;
  /** Drops cached data of the disk: after a `sync`, before the written data is read. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}
