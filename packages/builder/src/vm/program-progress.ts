import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What a program has done so far. */
export interface ProgressSample {
  /** Processor time of all its threads, in milliseconds. */
  readonly cpuMs: number;
  /** Whether a thread runs, is ready to run (and waits on a busy host), or waits for a disk. */
  readonly busy: boolean;
}

export interface ProgressLimits {
  /** Milliseconds of processor time after which a program without output is given up. */
  readonly cpuMs: number;
  /** Milliseconds after which an idle program is given up. */
  readonly idleMs: number;
}

export type Standstill = 'spins' | 'idle';

/** Milliseconds between two samples. */
export const SAMPLE_MS = 200;
/** Ticks of /proc/PID/stat have been 10 ms on every Linux for x86. */
const TICK_MS = 10;
/** Share of a processor up to which a program counts as idle: QEMU's own timers never stop. */
const IDLE_SHARE = 0.1;

/**
 * Whether a program without output so far hangs. Pure. Decides by its processor time, and by
 * whether it is idle; elapsed time does not count, because on a busy host a program may wait long
 * for a processor.
 *
 * @param samples all samples, {@link SAMPLE_MS} apart.
 */
export function judgeStandstill(
  samples: readonly ProgressSample[],
  limits: ProgressLimits,
): Standstill | undefined {
  const last = samples.at(-1);
  if (last && last.cpuMs >= limits.cpuMs) {
    return 'spins';
  }
  const count = Math.ceil(limits.idleMs / SAMPLE_MS);
  const recent = samples.slice(-count);
  const first = recent[0];
  if (!first || !last || recent.length < count) {
    return undefined;
  }
  const busy = recent.filter((sample) => sample.busy).length;
  const used = last.cpuMs - first.cpuMs;
  return busy <= count * IDLE_SHARE && used <= limits.idleMs * IDLE_SHARE ? 'idle' : undefined;
}

/**
 * Watches a program until it hangs.
 *
 * @returns undefined if the signal was aborted or the program has ended.
 */
export async function awaitStandstill(
  pid: number,
  limits: ProgressLimits,
  signal: AbortSignal,
): Promise<Standstill | undefined> {
  const samples: ProgressSample[] = [];
  while (!signal.aborted) {
    const sample = await takeSample(pid);
    if (!sample) {
      return undefined;
    }
    samples.push(sample);
    const standstill = judgeStandstill(samples, limits);
    if (standstill) {
      return standstill;
    }
    await pause(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Samples all threads of a program; undefined if it has ended. */
export async function takeSample(pid: number): Promise<ProgressSample | undefined> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const stats = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'latin1').catch(() => '')),
  );
  // proc_pid_stat(5): the state is the first field after the name, utime and stime are the 12th and
  // 13th.
  const fields = stats
    .filter((text) => text !== '')
    .map((text) => text.slice(text.lastIndexOf(')') + 2).split(' '));
  if (fields.length === 0 || fields.every(([state]) => state === 'Z')) {
    return undefined;
  }
  const ticks = fields.reduce((sum, all) => sum + Number(all[11]) + Number(all[12]), 0);
  return {
    cpuMs: ticks * TICK_MS,
    busy: fields.some(([state]) => state === 'R' || state === 'D'),
  };
}
