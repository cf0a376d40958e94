import { availableParallelism } from 'node:os';

/**
 * How many stories are told at the same time: one more than there are cores, as each keeps one busy
 * but for its waits; never more than four, as each may take some GiB of memory and disk.
 */
export function workers(): number {
  return Math.min(4, availableParallelism() + 1);
}
