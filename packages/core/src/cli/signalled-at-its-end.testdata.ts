import { spawn } from 'node:child_process';
import { runProcess } from './run-process.ts';

/** A program that gets SIGTERM again and again from the moment its work is done until it has ended. */
const START_MS = 200;

process.on('exit', () => {
  spawn('/bin/sh', ['-c', `while kill -TERM ${process.pid}; do :; done`], {
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
  });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, START_MS);
});
await runProcess(async () => 7);
