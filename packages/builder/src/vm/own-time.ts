import { type ProgressSample, takeSample } from './program-progress.ts';

/** A timer that can begin again; `setTimeout` in a shape that another clock can have, too. */
export interface PatienceTimer {
  /** Begins again from 0. */
  refresh(): void;
  end(): void;
}

/** Starts a timer. @param ms until `expire` is called, once. */
export type StartTimer = (ms: number, expire: () => void) => PatienceTimer;

/** Milliseconds between two looks at a program. */
const LOOK_MS = 1000;

/** Time as everybody has it. */
export const wallTime: StartTimer = (ms, expire) => {
  const timer = setTimeout(expire, ms);
  return { refresh: () => void timer.refresh(), end: () => clearTimeout(timer) };
};

/**
 * How much of its patience a program used up between two looks; pure. While it works that is its
 * processor time, all processors together: a busy host may let it wait long for one, which is not its
 * fault. While it wants no processor it is the time that passed.
 *
 * @param elapsedMs time between the looks.
 */
export function ownTime(before: ProgressSample, now: ProgressSample, elapsedMs: number): number {
  const cpuMs = Math.max(0, now.cpuMs - before.cpuMs);
  // We may have been asleep ourselves: what we did not see does not count as idle.
  return now.busy ? cpuMs : Math.max(cpuMs, Math.min(elapsedMs, 2 * LOOK_MS));
}

/** Time as a program has it, by {@link ownTime}. Nothing expires after it has ended. */
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
