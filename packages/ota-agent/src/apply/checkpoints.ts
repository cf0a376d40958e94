import { MIB } from '@micro-linux/core';

/** After so many bytes what was written is synced and noted: the most that is done twice. */
const CHECKPOINT_BYTES = 16 * MIB;

export interface CheckpointOptions {
  readonly chunkBytes: number;
  /** Chunks that are on the disk already. */
  readonly good: ReadonlySet<number>;
  /** Returns when everything written so far is on the disk. */
  readonly sync: () => Promise<void>;
  /** Called with how many chunks, from the first, are on the disk by now. */
  readonly keep: (chunks: number) => void;
}

/** Counts the chunks that are on the disk without a gap, and notes them from time to time. */
export class Checkpoints {
  readonly #options: CheckpointOptions;
  readonly #ready: Set<number>;
  readonly #interval: number;
  #prefix = 0;
  #noted = 0;
  #running: Promise<void> | undefined;
  #problem: { readonly error: unknown } | undefined;

  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#ready = new Set(options.good);
    this.#interval = Math.ceil(CHECKPOINT_BYTES / options.chunkBytes);
  }

  /** A chunk was handed to the disk. @throws what an earlier sync or note threw. */
  written(index: number): void {
    if (this.#problem) {
      throw this.#problem.error;
    }
    this.#ready.add(index);
    while (this.#ready.delete(this.#prefix)) {
      this.#prefix += 1;
    }
    if (!this.#running && this.#prefix - this.#noted >= this.#interval) {
      this.#running = this.#note()
        .catch((error: unknown) => {
          this.#problem = { error };
        })
        .finally(() => {
          this.#running = undefined;
        });
    }
  }

  /** Syncs and notes whatever there is. */
  async last(): Promise<void> {
    await this.#running;
    if (this.#problem) {
      throw this.#problem.error;
    }
    await this.#note();
  }

  async #note(): Promise<void> {
    const chunks = this.#prefix;
    await this.#options.sync();
    this.#options.keep(chunks);
    this.#noted = chunks;
  }
}
