/** A piece of an update.img, in bytes. */
export interface SourceRange {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Source of an update.img: a file, standard input, later an http(s) URL. Readers only request
 * increasing offsets; a seekable source may also be asked for earlier bytes.
 */
export interface UpdateSource {
  /** As the user named it, for messages. */
  readonly name: string;
  /** Length in bytes; undefined when only the end of the stream shows it. */
  readonly size: number | undefined;
  /** Whether `readAt` may go backward. */
  readonly seekable: boolean;
  /**
   * Announces the next reads, in order; a later call replaces an earlier one. It is a hint: a
   * source with slow requests can fetch several ranges in one request, and ahead of the reader.
   * Other bytes may still be read, and some of these may not be.
   */
  willRead(ranges: readonly SourceRange[]): void;
  /**
   * Fills `target` with the bytes at `offset`. A source that cannot seek reads and discards
   * everything before `offset`.
   *
   * @param signal ends the wait immediately: the promise is rejected with its reason. The source
   *   may still write into `target` afterwards, so do not reuse that memory; a source that cannot
   *   seek cannot be read any more.
   * @throws MicroLinuxError `update-truncated` when the source ends first, `update-unreadable`.
   * @throws RangeError when a source that cannot seek would have to go back.
   */
  readAt(offset: number, target: Buffer, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
