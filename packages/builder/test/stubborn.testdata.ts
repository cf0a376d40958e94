import { run } from '@micro-linux/core';
import { cancelOnSignals } from '@micro-linux/core/cli';
import { OWNER_VARIABLE, ownerName, ownOwner } from '../src/system/temporary/owner.ts';

/** A program of ours whose children ignore requests to end. */
process.env[OWNER_VARIABLE] = ownerName(ownOwner());
const controller = new AbortController();
cancelOnSignals({ controller, tell: (line) => void process.stderr.write(`${line}\n`) });
const script =
  "trap '' TERM; setsid sh -c 'trap \"\" TERM; echo ready; sleep 600; sleep 600' & sleep 600; sleep 600";
await run('/bin/sh', ['-c', script], {
  signal: controller.signal,
  graceMs: 600_000,
  onLine: (line) => void process.stdout.write(`${line}\n`),
});
