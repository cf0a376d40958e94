/** A piece of an update.img, in bytes. */
export interface SourceRange {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Where an update.img comes from: a file, standard input, later an http(s) URL. Readers ask only
 * forwards; a source that can seek may be asked again for earlier bytes.
 */
export interface UpdateSource {
  /** As the user named it, for messages. */
  readonly name: string;
  /** Length in bytes; undefined when only the end of the stream tells. */
  readonly size: number | undefined;
  /** Whether `readAt` may go backwards. */
  readonly seekable: boolean;
  /**
   * Says what is going to be read next, in this order; a later call replaces an earlier one. It is a
   * hint: a source for which each request takes time can fetch several ranges in one request, and
   * ahead of the reader. Other bytes may still be read, and some of these may not be.
   */
  willRead(ranges: readonly SourceRange[]): void;
  /**
   * Fills `target` with the bytes at `offset`. A source that cannot seek reads and drops what lies
   * before `offset`.
   *
   * @param signal ends the wait at once: the promise is rejected with its reason. The source may
   *   still write into `target` then, so that memory must not be used again; a source that cannot
   *   seek cannot be read any more.
   * @throws MicroLinuxError `update-truncated` when the source ends first, `update-unreadable`.
   * @throws RangeError when a source that cannot seek is asked to go back.
   */
  readAt(offset: number, target: Buffer, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
