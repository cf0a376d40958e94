import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAskpass } from './askpass.ts';

const PASSWORD = `sp ace"quote'$HOME\\n`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('the helper prints any password unchanged', async () => {
  const env = await writeAskpass(directory, PASSWORD);
  const { stdout } = await run(env['SSH_ASKPASS'] ?? '', ["user@host's password: "], { env });
  expect(stdout).toBe(`${PASSWORD}\n`);
});

test('only a private file contains the password, not the environment or the helper', async () => {
  const env = await writeAskpass(directory, PASSWORD);
  expect(JSON.stringify(env)).not.toContain('quote');
  const { mode } = await stat(env['MICRO_LINUX_PASSWORD_FILE'] ?? '');
  expect(mode & 0o777).toBe(0o600);
});
