import { cancelled, ExitCode, killDescendants } from '@micro-linux/core';

/** Ctrl-C, what service managers and containers send, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds that cleaning up may take: a slow disk needs a while for a gigabyte of small files. */
const CLEAN_UP_MS = 60_000;

/** Milliseconds that calls on files may still take before the process ends without them. */
const FILES_MS = 1000;
const PAUSE_MS = 50;

export interface CancelOptions {
  readonly controller: AbortController;
  /** Tells the user, on standard error. */
  readonly tell: (line: string) => void;
}

/**
 * The first signal asks the work to stop: programs that run are ended, files half made removed. A
 * second one, or a clean-up that takes too long, kills what still runs and ends this process; the
 * next run then removes what was left.
 */
export function cancelOnSignals({ controller, tell }: CancelOptions): void {
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        void endNow();
        return;
      }
      controller.abort(cancelled(`cancelled by ${name}`));
      tell(`${name}: cleaning up (press again to stop at once)`);
      setTimeout(() => {
        tell(`cleaning up takes more than ${CLEAN_UP_MS / 1000} s: the next run will do it`);
        void endNow();
      }, CLEAN_UP_MS).unref();
    });
  }
}

/**
 * Kills all programs and ends this process. It cannot end while a call on a file hangs (a named
 * pipe nobody writes to, a network disk that is away): then it gets SIGKILL.
 */
async function endNow(): Promise<never> {
  killDescendants();
  for (let waited = 0; waited < FILES_MS && callsOnFiles(); waited += PAUSE_MS) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  killDescendants();
  showCursor();
  if (callsOnFiles()) {
    process.emit('exit', ExitCode.cancelled);
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(ExitCode.cancelled);
}

function callsOnFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}

/** The line of a running step hides it. */
function showCursor(): void {
  if (process.stderr.isTTY) {
    process.stderr.write('\u001B[?25h');
  }
}
