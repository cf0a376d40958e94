export interface CheckpointOptions {
  /** Number of chunks between two syncs. */
  readonly interval: number;
  /** Number of chunks that are on the disk already. */
  readonly good: ReadonlySet<number>;
  /** Returns when everything written so far is on the disk. */
  readonly sync: () => Promise<void>;
  /** Called with the number of chunks, from the first, that are on the disk. */
  readonly synced: (chunks: number) => void;
  /** Called once, when one of these threw; `last` rethrows the error. */
  readonly failed: () => void;
}

/** Counts chunks written without a gap, and syncs them from time to time. */
export class Checkpoints {
  readonly #options: CheckpointOptions;
  readonly #ready: Set<number>;
  #prefix = 0;
  #noted = 0;
  #running: Promise<void> | undefined;
  #problem: { readonly error: unknown } | undefined;

  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#ready = new Set(options.good);
  }

  /** Call when chunks were written. @throws what an earlier sync or note threw. */
  written(indexes: readonly number[]): void {
    if (this.#problem) {
      throw this.#problem.error;
    }
    for (const index of indexes) {
      this.#ready.add(index);
    }
    while (this.#ready.delete(this.#prefix)) {
      this.#prefix += 1;
    }
    this.#syncIfDue();
  }

  /** Syncs and records everything written so far. */
  async last(): Promise<void> {
    while (this.#running) {
      await this.#running;
    }
    if (this.#problem) {
      throw this.#problem.error;
    }
    await this.#note();
  }

  #syncIfDue(): void {
    if (this.#running || this.#prefix - this.#noted < this.#options.interval) {
      return;
    }
    this.#running = this.#note().then(
      () => {
        this.#running = undefined;
        // More chunks may have been written meanwhile; a part that waits for a buffer adds none.
        this.#syncIfDue();
      },
      (error: unknown) => {
        this.#running = undefined;
        this.#problem = { error };
        this.#options.failed();
      },
    );
  }

  async #note(): Promise<void> {
    const chunks = this.#prefix;
    await this.#options.sync();
    this.#options.synced(chunks);
    this.#noted = chunks;
  }
}
