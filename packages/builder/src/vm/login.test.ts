import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loginFor } from './login.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
  await writeFile(join(directory, 'credentials.txt'), 'user: micro\npassword: secret\n');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const login = (choice: { identity?: string; user?: string }, beside = directory) =>
  loginFor({ image: join(beside, 'disk.qcow2'), ...choice });

test('logs in with the password if there is no key', async () => {
  expect(await login({})).toEqual({ user: 'micro', password: 'secret' });
});

test.each([{}, { user: 'micro' }])(
  'logs in with a key, and gives sudo the password: %j',
  async (choice) => {
    expect(await login({ identity: 'id', ...choice })).toEqual({
      user: 'micro',
      password: 'secret',
      identity: 'id',
    });
  },
);

test('does not use the password of another user', async () => {
  expect(await login({ identity: 'id', user: 'admin' })).toEqual({ user: 'admin', identity: 'id' });
});

test('a key and a user need no credentials', async () => {
  expect(await login({ identity: 'id', user: 'micro' }, '/nowhere')).toEqual({
    user: 'micro',
    identity: 'id',
  });
});
