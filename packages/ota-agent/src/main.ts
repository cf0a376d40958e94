import { ExitCode, killDescendants } from '@micro-linux/core';
import { runCli } from './cli.ts';
import { realSystem } from './system/real-system.ts';

/** How long what was left running may take to end once all is said, in milliseconds. */
const EXIT_GRACE_MS = 500;

/**
 * Runs this process's command line on this machine, and sets its exit code. The first Ctrl-C or
 * SIGTERM asks the work to stop, the second ends the process.
 */
export async function main(version: string): Promise<void> {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        killDescendants();
        process.exit(ExitCode.cancelled);
      }
      controller.abort();
    });
  }
  process.exitCode = await runCli({
    argv: process.argv.slice(2),
    streams: { stdout: process.stdout, stderr: process.stderr },
    version,
    system: realSystem(),
    signal: controller.signal,
    get stdin() {
      return process.stdin;
    },
  });
  // A disk that does not answer would keep the process for ever; unref: fires only in that case.
  setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
}
