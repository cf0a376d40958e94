import { ExitCode, MicroLinuxError } from '@micro-linux/core';

export interface StallGuardOptions {
  /** The guarded stage in a few words, for the message. */
  readonly stage: string;
  /** Milliseconds without progress after which the stage fails. */
  readonly stallMs: number;
  /** The user's Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Input of a guarded stage. */
export interface Guarded {
  /** Reports progress of the stage. */
  readonly alive: () => void;
  /** Aborted when the stage ends for any reason: it must not start anything new. */
  readonly signal: AbortSignal;
}

/** Time for an aborted stage to end; a read that hangs never does. */
const GRACE_MS = 500;

/**
 * Runs a stage that may fail but must not hang: it is abandoned after `stallMs` without progress, or
 * if it does not end soon after Ctrl-C. Work in progress (a read from a disk that does not respond)
 * may still be running then; the stage starts nothing new.
 *
 * @throws MicroLinuxError `stage-timeout`, `cancelled` (exit code 130); else what `action` throws.
 */
export async function withStallGuard<T>(
  options: StallGuardOptions,
  action: (guarded: Guarded) => Promise<T>,
): Promise<T> {
  const { stage, stallMs, signal } = options;
  const own = new AbortController();
  throwIfCancelled(signal);
  let timer: NodeJS.Timeout | undefined;
  let give: (error: MicroLinuxError) => void = () => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    give = reject;
  });
  const giveUpAfter = (ms: number, error: () => MicroLinuxError) => {
    clearTimeout(timer);
    timer = setTimeout(() => give(error()), ms);
  };
  const alive = () => {
    if (!own.signal.aborted) {
      giveUpAfter(stallMs, () => stageTimeout(stage, stallMs));
    }
  };
  const onAbort = () => {
    own.abort();
    giveUpAfter(GRACE_MS, cancelled);
  };
  signal.addEventListener('abort', onAbort);
  alive();
  try {
    return await Promise.race([action({ alive, signal: own.signal }), givenUp]);
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    own.abort();
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** @throws MicroLinuxError `cancelled` after a cancellation by the user. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) {
    throw cancelled();
  }
}

function cancelled(): MicroLinuxError {
  return new MicroLinuxError({
    code: 'cancelled',
    message: 'stopped before it was done',
    why: 'Ctrl-C or SIGTERM asked for it',
    hint: 'the same command continues where this one stopped',
    exitCode: ExitCode.cancelled,
  });
}

function stageTimeout(stage: string, stallMs: number): MicroLinuxError {
  return new MicroLinuxError({
    code: 'stage-timeout',
    message: `nothing has moved for ${stallMs / 1000} s: ${stage}`,
    why: 'the source or the disk does not answer',
    hint: 'dmesg; then run the command again: it continues where this run stopped',
    details: { stage },
  });
}
