import { renderError } from '@micro-linux/core';
import { cancelOnSignals, endProcess, guardOutput, reportUncaught } from '@micro-linux/core/cli';
import { runCli } from './cli.ts';
import { realSystem } from './system/real-system.ts';
import type { System } from './system/system.ts';

/** Milliseconds that work in progress may take to end after the result was printed. */
const EXIT_GRACE_MS = 500;

/**
 * Runs this process's command line on this machine (tests pass another system), and sets its exit
 * code. The first Ctrl-C, SIGTERM or SIGHUP asks the work to stop, the second ends the process.
 */
export async function main(version: string, system: System = realSystem()): Promise<void> {
  const { stdout, stderr } = process;
  const controller = new AbortController();
  const output = guardOutput({ stdout, stderr }, controller);
  reportUncaught(stderr, controller.signal);
  cancelOnSignals({ controller });
  process.exitCode = await runCli({
    argv: process.argv.slice(2),
    streams: { stdout, stderr },
    version,
    system,
    signal: controller.signal,
    get stdin() {
      return process.stdin;
    },
  });
  // Streams report their errors a moment later.
  await new Promise(setImmediate);
  const failure = output.failure();
  if (failure) {
    stderr.write(`${renderError(failure)}\n`);
    process.exitCode ||= failure.exitCode;
  }
  // A disk that does not respond would keep the process alive forever; unref: fires only in that case.
  setTimeout(() => endProcess(Number(process.exitCode)), EXIT_GRACE_MS).unref();
}
