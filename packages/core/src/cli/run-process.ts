import { setImmediate } from 'node:timers/promises';
import { renderError } from '../errors/render.ts';
import { type CancelOptions, cancelOnSignals } from './cancel-on-signals.ts';
import { guardOutput } from './guard-output.ts';
import { reportUncaught } from './report-uncaught.ts';

/**
 * Runs the work of this process and sets its exit code. Signals abort the work, uncaught errors are
 * reported like all others, and output that could not be written is an error.
 *
 * @param work returns the exit code.
 */
export async function runProcess(
  work: (signal: AbortSignal) => Promise<number>,
  options: Omit<CancelOptions, 'controller'> = {},
): Promise<void> {
  const { stdout, stderr } = process;
  const controller = new AbortController();
  const output = guardOutput({ stdout, stderr }, controller);
  reportUncaught(stderr, controller.signal);
  cancelOnSignals({ controller, ...options });
  endWithoutTearDown();
  process.exitCode = await work(controller.signal);
  // Streams report their errors a moment later.
  await setImmediate();
  const failure = output.failure();
  if (failure) {
    stderr.write(`${renderError(failure)}\n`);
    process.exitCode ||= failure.exitCode;
  }
}

/**
 * Without this, Node removes its signal handlers before it ends, and a second Ctrl-C in these
 * milliseconds would replace the exit code. `process.exit` ends the process with the handlers in place.
 */
function endWithoutTearDown(): void {
  process.once('beforeExit', () => process.exit());
}
