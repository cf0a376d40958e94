import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readProcess } from '@micro-linux/core';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BIN = resolve(import.meta.dirname, '../src/bin.ts');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'output-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs a shell line in which `micro-linux` is the builder; its status and standard error. */
async function shell(line: string): Promise<{ status: number; stderr: string }> {
  const script = `micro_linux() { "${process.execPath}" "${BIN}" "$@"; }; ${line}`;
  const child = spawn('bash', ['-c', script], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes;
  });
  const [status] = await once(child, 'close');
  return { status, stderr };
}

test('reports a full disk for standard output as a failure', async () => {
  const { status, stderr } = await shell('micro_linux setup-host --dry-run >/dev/full');
  expect(status).toBe(1);
  expect(stderr).toContain('error[output-unwritable]');
  expect(stderr).not.toMatch(/\n {4}at /);
});

test('continues with a full disk for standard error', async () => {
  const { status } = await shell('micro_linux keygen a.pem 2>/dev/full');
  expect(status).toBe(0);
});

test('ends silently if the reader closes', async () => {
  const line = 'micro_linux build --help | true; exit $PIPESTATUS';
  expect(await shell(line)).toEqual({ status: 0, stderr: '' });
});

test('reports a removed folder', async () => {
  const { status, stderr } = await shell(
    'mkdir gone && cd gone && rmdir ../gone && micro_linux doctor',
  );
  expect(status).toBe(2);
  expect(stderr).toContain('error[folder-gone]');
});

test('ignores a closed standard output', async () => {
  const { stderr } = await shell('micro_linux setup-host --dry-run >&-');
  expect(stderr).not.toMatch(/internal|\n {4}at /);
});

test('an uncaught error is reported readably, and leaves no program running', async () => {
  const script = resolve(import.meta.dirname, 'uncaught.testdata.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('error[disk-full]');
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(readProcess(Number(stdout))?.ended ?? true).toBe(true);
});
