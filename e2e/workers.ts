import { availableParallelism } from 'node:os';

/**
 * How many stories are told at the same time: one a core, as each keeps one busy; never more than
 * four, as each may take some GiB of memory and disk.
 */
export function workers(): number {
  return Math.min(4, Math.max(1, availableParallelism()));
}
