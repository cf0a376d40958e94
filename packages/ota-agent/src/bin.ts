#!/usr/bin/env node
import packageInfo from '../package.json' with { type: 'json' };

/** How long what was left running may take to end once all is said. */
const EXIT_GRACE_MS = 500;

// Answered before anything else is loaded: scripts ask often, and the rest is not small.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${packageInfo.version}\n`);
} else {
  const { runCli } = await import('./cli.ts');
  const { realSystem } = await import('./system/real-system.ts');
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        process.exit(130);
      }
      controller.abort();
    });
  }
  process.exitCode = await runCli({
    argv: process.argv.slice(2),
    streams: { stdout: process.stdout, stderr: process.stderr },
    version: packageInfo.version,
    system: realSystem(),
    signal: controller.signal,
    get stdin() {
      return process.stdin;
    },
  });
  // A disk that does not answer would keep the process for ever; unref: fires only in that case.
  setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
}
