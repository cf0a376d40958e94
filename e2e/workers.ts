import { availableParallelism } from 'node:os';

/**
 * How many stories run at once: one more than there are cores, because each keeps one busy
 * except for its waits; never more than four, because each may use some GiB of memory and disk.
 */
export function workers(): number {
  return Math.min(4, availableParallelism() + 1);
}
