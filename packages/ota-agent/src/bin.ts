#!/usr/bin/env node
import packageInfo from '../package.json' with { type: 'json' };

/**
 * Number of libuv threads, for UV_THREADPOOL_SIZE; the default is 4. `apply` uses a disk and the
 * processors at once, and threads that wait for the disk must not delay decompression. Set it before
 * anything uses these threads.
 */
const IO_THREADS = '12';

// Handled before anything else is loaded: scripts call it often, and the rest is large.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${packageInfo.version}\n`);
} else {
  process.env['UV_THREADPOOL_SIZE'] ??= IO_THREADS;
  // Set by the launcher (/usr/bin/ota-agent); programs that the agent starts must not inherit it.
  delete process.env['GLIBC_TUNABLES'];
  const { main } = await import('./main.ts');
  await main(packageInfo.version);
}
