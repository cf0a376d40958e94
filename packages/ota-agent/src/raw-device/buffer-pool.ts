/** A fixed number of buffers: what is under way has a bound. */
export interface BufferPool {
  /** Waits for a buffer, first come, first served; undefined once the pool is closed. */
  take(): Promise<Buffer | undefined>;
  /** Gives a buffer back that `take` gave. */
  give(buffer: Buffer): void;
  /** Something failed: nobody waits any longer. */
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
