#!/usr/bin/env node
import packageInfo from '../package.json' with { type: 'json' };
import { IO_THREADS } from './io-threads.ts';

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
