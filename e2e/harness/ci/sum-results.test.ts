import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../scripts/sum-results.mjs');

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sum-results-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Tests of a file by their status, as vitest's JSON reporter has them. */
type Files = Readonly<Record<string, readonly string[]>>;

const GREEN: Files = { 'packages/core/src/a.test.ts': ['passed', 'passed'] };

async function sum(reports: Readonly<Record<string, Files>>) {
  for (const [name, files] of Object.entries(reports)) {
    const all = Object.values(files).flat();
    const count = (wanted: string) => all.filter((status) => status === wanted).length;
    const report = {
      numPassedTests: count('passed'),
      numFailedTests: count('failed'),
      testResults: Object.entries(files).map(([path, statuses]) => ({
        name: `/checkout/${path}`,
        status: statuses.includes('failed') || statuses.length === 0 ? 'failed' : 'passed',
        assertionResults: statuses.map((status) => ({
          status,
          fullName: `is ${status}`,
          failureMessages: status === 'failed' ? ['AssertionError: expected 1 to be 2'] : [],
        })),
      })),
    };
    await writeFile(join(directory, `${name}.json`), JSON.stringify(report));
  }
  const result = await run(process.execPath, [SCRIPT, directory], { okExitCodes: [0, 1] });
  return { sums: result.stdout.trim(), why: result.stderr, exitCode: result.exitCode };
}

it('adds up what passed', async () => {
  expect(await sum({ unit: GREEN, boot: GREEN, e2e: GREEN })).toEqual({
    sums: '6 passed, 0 failed, 0 skipped',
    why: '',
    exitCode: 0,
  });
});

it('lists each failed test with its message', async () => {
  const file = { 'packages/core/src/b.test.ts': ['passed', 'failed'] };
  const { sums, why, exitCode } = await sum({ unit: file, boot: GREEN, e2e: GREEN });
  expect(sums).toBe('5 passed, 1 failed, 0 skipped');
  expect(why).toContain('b.test.ts: is failed\n  AssertionError: expected 1 to be 2');
  expect(exitCode).toBe(1);
});

it('counts a skip as a failure', async () => {
  const story = { 'e2e/stories/quickstart.e2e.ts': ['skipped', 'skipped'], ...GREEN };
  const { sums, why, exitCode } = await sum({ unit: GREEN, boot: GREEN, e2e: story });
  expect(sums).toBe('6 passed, 2 failed, 0 skipped');
  expect(why).toContain('quickstart.e2e.ts: 2 skipped, first: is skipped');
  expect(exitCode).toBe(1);
});

it.each(['pending', 'todo', 'disabled'])('counts %s as a failure too', async (status) => {
  const files = { 'packages/core/src/b.test.ts': [status], ...GREEN };
  expect(await sum({ unit: files, boot: GREEN, e2e: GREEN })).toMatchObject({ exitCode: 1 });
});

it('allows skipped stories whose input CI cannot have', async () => {
  const story = { 'e2e/ubuntu-iso/ubuntu-iso.e2e.ts': ['skipped'], ...GREEN };
  expect(await sum({ unit: GREEN, boot: GREEN, e2e: story })).toMatchObject({
    sums: '6 passed, 0 failed, 1 skipped',
    exitCode: 0,
  });
});

it.each([
  ['no tests at all', {}],
  ['allowed skips only', { 'e2e/ubuntu-iso/ubuntu-iso.e2e.ts': ['skipped'] }],
])('fails where a suite has %s', async (_what, e2e) => {
  const { why, exitCode } = await sum({ unit: GREEN, boot: GREEN, e2e });
  expect(why).toContain('e2e.json: no test passed');
  expect(exitCode).toBe(1);
});

it('fails for a report that is missing, and for a file that could not be loaded', async () => {
  const { sums, why, exitCode } = await sum({
    unit: { ...GREEN, 'e2e/broken.test.ts': [] },
    boot: GREEN,
  });
  expect(sums).toBe('4 passed, 2 failed, 0 skipped');
  expect(why).toContain('e2e/broken.test.ts could not be loaded');
  expect(exitCode).toBe(1);
});

it('lists only existing files', async () => {
  const text = await readFile(SCRIPT, 'utf8');
  const listed = [...text.matchAll(/^ {2}'([^']+\.ts)':/gm)].map(([, path]) => path ?? '');
  expect(listed.length).toBeGreaterThan(3);
  for (const path of listed) {
    await access(join(SCRIPT, '../..', path));
  }
});
