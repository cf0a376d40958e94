#!/usr/bin/env node
import packageInfo from '../package.json' with { type: 'json' };
import { IO_THREADS } from './io-threads.ts';

// Answered before anything else is loaded: scripts ask often, and the rest is not small.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${packageInfo.version}\n`);
} else {
  process.env['UV_THREADPOOL_SIZE'] ??= IO_THREADS;
  // Set by what starts the agent (/usr/bin/ota-agent), and for nobody else.
  delete process.env['GLIBC_TUNABLES'];
  const { main } = await import('./main.ts');
  await main(packageInfo.version);
}
