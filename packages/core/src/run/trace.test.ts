import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from './run.ts';
import { runGroup } from './run-group.ts';
import { start } from './start.ts';
import { traceCommands } from './trace.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trace-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function traced(work: () => Promise<unknown>): Promise<readonly string[]> {
  const lines: string[] = [];
  await traceCommands((line) => lines.push(line), work);
  return lines.map((line) => line.replace(/\d+\.\d s$/, 'N s'));
}

test('shows a command, the output that is logged, and its end', async () => {
  const logFile = join(folder, 'log');
  const lines = await traced(() => run('sh', ['-c', 'echo one; echo two >&2'], { logFile }));
  expect([lines[0], ...lines.slice(1, 3).toSorted(), ...lines.slice(3)]).toEqual([
    ...["$ sh -c 'echo one; echo two >&2'", '  one', '  two', '# sh: N s'],
  ]);
  expect((await readFile(logFile, 'utf8')).split('\n')).toContain('one');
});

test('does not show output that is not logged, as it may be secret', async () => {
  expect(await traced(() => run('echo', ['-e', 'secr\\x65t']))).toEqual([
    ...["$ echo -e 'secr\\x65t'", '# echo: N s'],
  ]);
});

test('shows only the program of a command that a user wrote', async () => {
  const command = ['-c', 'exit # PIN 1234'];
  const shown = ['$ /bin/sh (arguments not shown)', '# sh: N s'];
  expect(await traced(() => run('/bin/sh', command, { isSecret: true }))).toEqual(shown);
  const options = { timeoutMs: 60_000, tailBytes: 10, isSecret: true };
  expect(await traced(() => runGroup('/bin/sh', command, options))).toEqual(shown);
});

test('shows programs that fail, run in a group, or run in the background', async () => {
  expect(await traced(() => run('false', []).catch(() => undefined))).toEqual([
    ...['$ false', '# false: N s'],
  ]);
  const group = () => runGroup('true', [], { timeoutMs: 60_000, tailBytes: 10 });
  expect(await traced(group)).toEqual(['$ true', '# true: N s']);
  const background = async () => (await start('true', [], { terminal: 'none' })).exited;
  expect(await traced(background)).toEqual(['$ true', '# true: N s']);
});
