import { endProcess, runProcess } from '@micro-linux/core/cli';
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
  await runProcess((signal) =>
    runCli({
      argv: process.argv.slice(2),
      streams: { stdout, stderr },
      version,
      system,
      signal,
      get stdin() {
        return process.stdin;
      },
    }),
  );
  // A disk that does not respond would keep the process alive forever; unref: fires only in that case.
  setTimeout(() => endProcess(Number(process.exitCode)), EXIT_GRACE_MS).unref();
}
