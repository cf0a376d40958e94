#!/usr/bin/env node
import packageInfo from '../package.json' with { type: 'json' };

// Answered before anything else is loaded: scripts ask often, and the rest is not small.
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${packageInfo.version}\n`);
} else {
  // Before anything uses libuv's threads: apply keeps a disk and the processors busy at once, and
  // what waits for the disk must not keep what is to be decompressed waiting.
  process.env['UV_THREADPOOL_SIZE'] ??= '12';
  const { main } = await import('./main.ts');
  await main(packageInfo.version);
}
