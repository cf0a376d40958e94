import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runGroup } from './run-group.ts';

/** Nothing here takes that long. */
const OPTIONS = { timeoutMs: 600_000, tailBytes: 4096 };
const sh = (script: string, options = OPTIONS, ...args: string[]) =>
  runGroup('/bin/sh', ['-c', script, 'sh', ...args], options);

function alive(pid: number): boolean {
  try {
    // A zombie only waits for its parent.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('reports the status and both outputs in order', async () => {
  expect(await sh('echo one; echo two >&2; exit 3')).toEqual({
    exitCode: 3,
    signal: undefined,
    timedOut: false,
    startError: undefined,
    output: 'one\ntwo\n',
  });
});

test('keeps the end of a long output', async () => {
  const result = await sh('seq 1 100000; echo last', { ...OPTIONS, tailBytes: 16 });
  expect(result.output).toBe('9\n100000\nlast\n'.slice(-16).padStart(16, '9'));
});

test('kills the whole group after the time limit, including children that ignore SIGTERM', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'run-group-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'pid');
  const script = 'trap "" TERM; sleep 600 & echo $! >"$1"; echo started; wait; wait';
  // On a busy machine it may not get that far within the first limit.
  let output = '';
  for (let timeoutMs = 500; output === ''; timeoutMs *= 2) {
    const result = await sh(script, { ...OPTIONS, timeoutMs }, file);
    expect(result.timedOut).toBe(true);
    if (result.output !== '') {
      expect(result.signal).toBe('SIGKILL');
    }
    output = result.output;
  }
  expect(output).toBe('started\n');
  await expect.poll(() => alive(Number(readFileSync(file, 'utf8')))).toBe(false);
});

test('does not wait for processes that a program leaves behind, and kills them', async () => {
  const { exitCode, output } = await sh('sleep 600 & echo $!');
  expect(exitCode).toBe(0);
  await expect.poll(() => alive(Number(output))).toBe(false);
});

test('does not wait for a process that left the group and keeps the pipe open', async () => {
  const { exitCode, output } = await sh('setsid sleep 30 & echo $!; sleep 0.2');
  expect(exitCode).toBe(0);
  const leader = Number(output);
  onTestFinished(() => {
    if (alive(leader)) {
      process.kill(leader);
    }
  });
});

test('a program that cannot be started is a result, not an exception', async () => {
  const result = await runGroup('/no/such/program', [], OPTIONS);
  expect(result.startError).toContain('ENOENT');
  expect(result.exitCode).toBeUndefined();
});
