#!/usr/bin/env node
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { runProcess } from '@micro-linux/core/cli';
import { workingFolder } from './cli/working-folder.ts';
import { runCli } from './cli.ts';
import { toolPath } from './host/tool-path.ts';
import { ownCall } from './system/installation.ts';
import { OWNER_VARIABLE, ownerName, ownOwner } from './system/temporary/owner.ts';

/** Milliseconds for cleaning up: a slow disk needs a while to delete a gigabyte of small files. */
const CLEAN_UP_MS = 60_000;

// sfdisk and mke2fs are in folders that an ordinary user's PATH lacks.
process.env['PATH'] = toolPath(process.env['PATH']);

process.env[OWNER_VARIABLE] = ownerName(ownOwner());

const { stdout, stderr } = process;
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** The checkout, or where the npm package was unpacked. */
const root = resolve(import.meta.dirname, '../../..');

await runProcess(
  (signal) =>
    runCli({
      argv: process.argv.slice(2),
      streams: { stdout, stderr },
      env: process.env,
      get cwd() {
        return workingFolder();
      },
      root,
      version,
      call: ownCall(root, process.env),
      interactive: process.stdin.isTTY === true && stdout.isTTY === true,
      signal,
    }),
  { tell: (line) => void stderr.write(`${line}\n`), cleanUpMs: CLEAN_UP_MS },
);
