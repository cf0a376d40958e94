import type { ChildProcess } from 'node:child_process';
import { stopTree } from './stop-tree.ts';

/** What stops a child from outside. */
export interface StopOptions {
  /** Aborting ends the child and its descendants. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is ended. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds between SIGTERM and SIGKILL; {@link GRACE_MS} by default. */
  readonly graceMs?: number | undefined;
}

/** Why we ended a child. */
export type StopReason = 'cancelled' | 'timeout';

/** Controls a child. */
export interface Stoppable {
  /** Ends the child and its descendants. */
  stop(): void;
  /** Why we ended it; undefined if we did not. */
  reason(): StopReason | undefined;
}

/** Milliseconds between SIGTERM and SIGKILL. */
export const GRACE_MS = 3000;

/** Milliseconds a pipe may stay open once a stopped child has ended. */
const DRAIN_MS = 500;

/** Ends a child and its descendants when its signal is aborted or its time is over. */
export function stoppable(child: ChildProcess, options: StopOptions): Stoppable {
  const { pid } = child;
  const { signal, timeoutMs, graceMs = GRACE_MS } = options;
  let reason: StopReason | undefined;
  let killRest: (() => void) | undefined;
  const stop = (why: StopReason) => {
    if (pid !== undefined && reason === undefined && isRunning(child)) {
      reason = why;
      killRest = stopTree(pid, graceMs);
    }
  };
  const onAbort = () => stop('cancelled');
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs, 'timeout');
  signal?.addEventListener('abort', onAbort);
  child.once('exit', () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    if (killRest) {
      killRest();
      // A process that still holds a pipe open cannot be found, so it is not waited for.
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, DRAIN_MS).unref();
    }
  });
  child.once('error', () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  });
  if (signal?.aborted) {
    onAbort();
  }
  return { stop: () => stop('cancelled'), reason: () => reason };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
