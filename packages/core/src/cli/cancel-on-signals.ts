import { cancelled } from '../errors/cancelled.ts';
import { ExitCode } from '../errors/exit-codes.ts';
import { killDescendants } from '../run/stop-tree.ts';

/** Ctrl-C, what service managers and containers send, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Time in milliseconds for calls on files before the process ends without them. */
const FILES_MS = 1000;
const PAUSE_MS = 50;

export interface CancelOptions {
  readonly controller: AbortController;
  /** Informs the user on standard error. By default nothing is printed. */
  readonly tell?: (line: string) => void;
  /** Limit for the cleanup in milliseconds. No limit by default. */
  readonly cleanUpMs?: number;
}

/**
 * The first signal asks the work to stop: running programs are ended and partial files removed. A
 * second one, or a cleanup that takes too long, kills what still runs and ends this process; the
 * next run then removes the leftovers.
 */
export function cancelOnSignals({ controller, tell, cleanUpMs }: CancelOptions): void {
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        void endNow();
        return;
      }
      controller.abort(cancelled(`cancelled by ${name}`));
      tell?.(`${name}: cleaning up (press again to stop at once)`);
      if (cleanUpMs !== undefined) {
        setTimeout(() => {
          tell?.(`cleaning up takes more than ${cleanUpMs / 1000} s: the next run will do it`);
          void endNow();
        }, cleanUpMs).unref();
      }
    });
  }
}

async function endNow(): Promise<void> {
  killDescendants();
  await filesAtRest();
  killDescendants();
  showCursor();
  endProcess(ExitCode.cancelled);
}

/**
 * Ends this process, even if it is blocked. `process.exit` does not return while a call on a file
 * hangs (a named pipe nobody writes to, a disk or a network share that does not answer): then the
 * process gets SIGKILL, and its exit status is that of the signal.
 */
export function endProcess(exitCode: number): void {
  if (callsOnFiles()) {
    process.emit('exit', exitCode);
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(exitCode);
}

async function filesAtRest(): Promise<void> {
  for (let waited = 0; waited < FILES_MS && callsOnFiles(); waited += PAUSE_MS) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function callsOnFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}

/** Clears the line of a running step. */
function showCursor(): void {
  if (process.stderr.isTTY) {
    process.stderr.write('\u001B[?25h');
  }
}
