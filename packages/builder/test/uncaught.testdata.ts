import { createWriteStream } from 'node:fs';
import { start } from '@micro-linux/core';
import { tellUncaught } from '../src/cli/main/tell-uncaught.ts';

/** A program of ours with a child, and a stream whose error nobody takes. */
tellUncaught(process.stderr, new AbortController().signal);
const child = await start('sleep', ['600'], { terminal: 'none' });
process.stdout.write(`${child.pid}\n`);
createWriteStream('/dev/full').write('x');
