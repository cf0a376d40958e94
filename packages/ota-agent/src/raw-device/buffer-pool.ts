/** A fixed number of buffers, which limits the work in progress. */
export interface BufferPool {
  /** Waits for a buffer, first come, first served; undefined once the pool is closed. */
  take(): Promise<Buffer | undefined>;
  /** Returns a buffer from `take`. */
  give(buffer: Buffer): void;
  /** Closes the pool after a failure: all waits end. */
  close(): void;
}

export function bufferPool(buffers: readonly Buffer[]): BufferPool {
  const free = [...buffers];
  const waiting: ((buffer: Buffer | undefined) => void)[] = [];
  let closed = false;
  return {
    async take() {
      if (closed) {
        return undefined;
      }
      return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
    },
    give(buffer) {
      const next = waiting.shift();
      if (next) {
        next(buffer);
      } else {
        free.push(buffer);
      }
    },
    close() {
      closed = true;
      for (const next of waiting.splice(0)) {
        next(undefined);
      }
    },
  };
}
