#!/usr/bin/env node
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { ExitCode } from '@micro-linux/core';
import { runCli } from './cli.ts';
import { toolPath } from './host/tool-path.ts';

// sfdisk and mke2fs lie where an ordinary user's PATH does not look.
process.env['PATH'] = toolPath(process.env['PATH']);

const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (controller.signal.aborted) {
      process.exit(ExitCode.cancelled);
    }
    controller.abort();
  });
}

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
process.exitCode = await runCli({
  argv: process.argv.slice(2),
  streams: { stdout: process.stdout, stderr: process.stderr },
  env: process.env,
  cwd: process.cwd(),
  root: resolve(import.meta.dirname, '../../..'),
  version,
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  signal: controller.signal,
});
