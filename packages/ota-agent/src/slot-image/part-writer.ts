import { frameRanges, type UpdateSource } from '@micro-linux/update-image';
import pLimit from 'p-limit';
import type { Guarded } from '../progress/stall-guard.ts';
import { type BufferPool, bufferPool } from '../raw-device/buffer-pool.ts';
import { cut } from '../raw-device/io-memory.ts';
import { type DeviceReader, PAGE_BYTES, type RawDevice } from '../raw-device/raw-device.ts';
import { Checkpoints } from './checkpoints.ts';
import { decodePart } from './decode-part.ts';
import type { ImagePart } from './image-parts.ts';
import type { WritePlan } from './plan-writes.ts';
import { READ_BEHIND_BYTES, type ReadBehind, readBehind, type WrittenPart } from './read-behind.ts';

/** Parts that are written concurrently. */
const WRITERS = 2;

export interface PartWriterOptions {
  readonly source: UpdateSource;
  readonly slot: RawDevice;
  /** Of the whole image. */
  readonly totalBytes: number;
  readonly plan: WritePlan;
  /** Indexes of the chunks that are in the slot already. */
  readonly good: ReadonlySet<number>;
  readonly reader: DeviceReader;
  /** For direct I/O: READ_BEHIND_BYTES, followed by the plan's content buffers. */
  readonly memory: Buffer;
  /** Called with the number of chunks, from the first, that are on the disk. */
  readonly note: (chunks: number) => void;
  readonly guard: Guarded;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Writes the parts of a plan to the disk. Each goes through five stages, several parts at once: its
 * frames are fetched, hashed and decompressed, written, synced, and read back. Its memory is reused
 * only afterwards, which limits how far the first stage can be ahead of the last.
 */
export class PartWriter {
  readonly #options: PartWriterOptions;
  /** Memory for frames of the update. */
  readonly #frames: BufferPool;
  /** Memory for decompressed content; in use until it was read back. */
  readonly #contents: BufferPool;
  readonly #decoders: ReturnType<typeof pLimit>;
  readonly #writers = pLimit(WRITERS);
  readonly #checkpoints: Checkpoints;
  readonly #readBehind: ReadBehind;
  #firstPage: Buffer = Buffer.alloc(0);
  #doneBytes: number;
  /** Number of chunks that were read back. */
  #proved = 0;
  /** Number of chunks, from the first, that were recorded as being on the disk. */
  #noted = 0;
  /** No more writes will follow: everything on the disk is recorded. */
  #ending = false;

  constructor(options: PartWriterOptions) {
    const { slot, guard, plan, good, reader, memory } = options;
    this.#options = options;
    this.#doneBytes = options.totalBytes - plan.bytes;
    this.#frames = bufferPool(
      Array.from({ length: plan.lanes }, () => Buffer.allocUnsafeSlow(plan.frameBytes)),
    );
    this.#contents = bufferPool(
      cut(memory.subarray(READ_BEHIND_BYTES), plan.contents, plan.contentBytes),
    );
    this.#decoders = pLimit(plan.lanes);
    this.#readBehind = readBehind({
      reader,
      memory,
      path: slot.path,
      guard,
      proved: (written) => {
        this.#proved += written.part.chunks.length;
        this.#contents.give(written.memory);
      },
      failed: () => this.#stop(),
    });
    this.#checkpoints = new Checkpoints({
      interval: plan.syncChunks,
      good,
      sync: () => slot.sync(),
      synced: (chunks) => this.#synced(chunks),
      failed: () => this.#stop(),
    });
  }

  /**
   * Runs all stages. Call it once.
   *
   * @returns the beginning of the image, which was not written.
   * @throws what `writeChunks` throws, after all work has ended.
   */
  async run(): Promise<Buffer> {
    const { signal } = this.#options.guard;
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    const begun: Promise<void>[] = [];
    const fetchFailure = await settled([this.#fetchAll(begun)]);
    const partFailure = await settled(begun);
    signal.throwIfAborted();
    await this.#end(fetchFailure ?? partFailure);
    return this.#firstPage;
  }

  /** Fetches all parts; the later stages of each run concurrently, in `begun`. */
  async #fetchAll(begun: Promise<void>[]): Promise<void> {
    const { source, plan, guard } = this.#options;
    source.willRead(frameRanges(plan.parts));
    // In ascending order, which standard input requires and disks do fastest. The parts get memory
    // in the same order: it is freed when all parts before them are on the disk.
    for (const part of plan.parts) {
      const memory = await this.#contents.take();
      const frame = await this.#frames.take();
      if (!memory || !frame) {
        return;
      }
      const target = frame.subarray(0, part.frameBytes);
      await source.readAt(part.frameOffset, target, guard.signal);
      // Writes are not awaited, because disks defer them while they read. Memory limits how many
      // are pending.
      const bringing = this.#bring(part, frame, memory);
      bringing.catch(() => this.#stop());
      begun.push(bringing);
    }
  }

  async #bring(part: ImagePart, frame: Buffer, memory: Buffer): Promise<void> {
    const content = await decodePart(part, frame, memory, this.#decoders);
    this.#frames.give(frame);
    const held = part.offset === 0 ? Math.min(PAGE_BYTES, part.bytes) : 0;
    if (held > 0) {
      this.#firstPage = Buffer.from(content.subarray(0, held));
    }
    await this.#writers(() => this.#write({ part, content, held, memory }));
  }

  async #write(written: WrittenPart): Promise<void> {
    const { slot, guard, totalBytes, onProgress } = this.#options;
    // Unless only another part was bad: valid parts can stay.
    guard.signal.throwIfAborted();
    const { part, content, held } = written;
    if (held < content.length) {
      await slot.write(part.offset + held, content.subarray(held));
    }
    guard.alive();
    this.#doneBytes += part.bytes;
    onProgress(this.#doneBytes, totalBytes);
    this.#readBehind.written(written);
    this.#checkpoints.written(part.chunks.map(({ index }) => index));
  }

  /** This many chunks, from the first, are on the disk. */
  #synced(chunks: number): void {
    const { guard, plan, note } = this.#options;
    guard.signal.throwIfAborted();
    guard.alive();
    this.#readBehind.reached(chunks);
    if (this.#ending || chunks - this.#noted >= plan.noteChunks) {
      this.#noted = chunks;
      note(chunks);
    }
  }

  /**
   * Syncs, records and reads back the rest, also after a failure: valid chunks need not be fetched
   * again.
   */
  async #end(failure: Failure | undefined): Promise<void> {
    this.#ending = true;
    const checkpoint = this.#checkpoints.last();
    if (failure) {
      await checkpoint.catch(() => undefined);
      throw failure.reason;
    }
    await checkpoint;
    await this.#readBehind.done();
    const { chunks } = this.#options.plan;
    if (this.#proved !== chunks) {
      throw new TypeError(`${this.#proved} of ${chunks} chunks were read back`);
    }
  }

  /** Ends all waits for memory, so that nothing more is fetched. */
  #stop(): void {
    this.#contents.close();
    this.#frames.close();
  }
}

interface Failure {
  readonly reason: unknown;
}

/** Waits for all of them; rethrows the first failure. */
async function settled(promises: readonly Promise<void>[]): Promise<Failure | undefined> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.find((outcome) => outcome.status === 'rejected');
}
