import { type ProgressSample, takeSample } from './program-progress.ts';

/** A timer that can be restarted, like `setTimeout`, but for any clock. */
export interface PatienceTimer {
  /** Restarts from 0. */
  refresh(): void;
  end(): void;
}

/** Starts a timer. @param ms until `expire` is called, once. */
export type StartTimer = (ms: number, expire: () => void) => PatienceTimer;

/** Milliseconds between two samples of a program. */
const LOOK_MS = 1000;

/** Real time. */
export const wallTime: StartTimer = (ms, expire) => {
  const timer = setTimeout(expire, ms);
  return { refresh: () => void timer.refresh(), end: () => clearTimeout(timer) };
};

/**
 * How much of its timeout a program used between two samples. Pure. While it works, that is its
 * processor time on all processors, so waiting for a processor on a busy host does not count. While
 * it is idle, it is the elapsed time.
 *
 * @param elapsedMs time between the samples.
 */
export function ownTime(before: ProgressSample, now: ProgressSample, elapsedMs: number): number {
  const cpuMs = Math.max(0, now.cpuMs - before.cpuMs);
  // This process may not have run either: time that was not observed does not count as idle.
  return now.busy ? cpuMs : Math.max(cpuMs, Math.min(elapsedMs, 2 * LOOK_MS));
}

/** A program's own time, by {@link ownTime}. Nothing expires after it has ended. */
export function timeOf(pid: number): StartTimer {
  return (ms, expire) => {
    let spentMs = 0;
    let before: ProgressSample | undefined;
    let lookedAt = performance.now();
    let looking = false;
    const look = async () => {
      if (looking) {
        return;
      }
      looking = true;
      const now = await takeSample(pid);
      const at = performance.now();
      if (before && now) {
        spentMs += ownTime(before, now, at - lookedAt);
      }
      before = now;
      lookedAt = at;
      looking = false;
      if (spentMs >= ms && !ended) {
        end();
        expire();
      }
    };
    let ended = false;
    const end = () => {
      ended = true;
      clearInterval(interval);
    };
    const interval = setInterval(() => void look(), Math.min(LOOK_MS, ms));
    void look();
    return {
      refresh: () => {
        spentMs = 0;
      },
      end,
    };
  };
}
