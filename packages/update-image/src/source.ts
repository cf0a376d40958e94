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
   * Fills `target` with the bytes at `offset`. A source that cannot seek reads and drops what lies
   * before `offset`.
   *
   * @throws MicroLinuxError `update-truncated` when the source ends first, `update-unreadable`.
   * @throws RangeError when a source that cannot seek is asked to go back.
   */
  readAt(offset: number, target: Buffer): Promise<void>;
  close(): Promise<void>;
}
