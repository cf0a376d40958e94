import { createWriteStream } from 'node:fs';
import { start } from '@micro-linux/core';
import { reportUncaught } from '@micro-linux/core/cli';

/** A program of ours with a child, and a stream with an unhandled error. */
reportUncaught(process.stderr, new AbortController().signal);
const child = await start('sleep', ['600'], { terminal: 'none' });
process.stdout.write(`${child.pid}\n`);
createWriteStream('/dev/full').write('x');
