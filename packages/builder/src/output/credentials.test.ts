import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasCredentials, writeCredentials } from './credentials.ts';
import { CREDENTIALS_FILE } from './directories.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('writes for the owner only, even over a world-readable file', async () => {
  const path = join(directory, CREDENTIALS_FILE);
  await writeFile(path, 'old', { mode: 0o666 });
  await writeCredentials(directory, { user: 'micro', password: 'secret', build: 'b1' });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, 'utf8')).toBe('user: micro\npassword: secret\nbuild: b1\n');
});

it('records which build they belong to', async () => {
  await writeCredentials(directory, { user: 'micro', password: 'secret', build: 'b1' });
  expect(await hasCredentials(directory, 'b1')).toBe(true);
  expect(await hasCredentials(directory, 'b')).toBe(false);
});
