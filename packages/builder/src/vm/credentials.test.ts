import { expect, test } from 'vitest';
import { parseCredentials, readCredentials } from './credentials.ts';

test('reads the lines in any order and ignores others', () => {
  expect(parseCredentials('build: 1\npassword: a b: c \nuser: micro\n')).toEqual({
    user: 'micro',
    password: 'a b: c',
  });
});

test.each(['', 'user: micro\n', 'password: x\n', 'user: micro\npassword:\nbuild: x\n'])(
  '%j contains no credentials',
  (text) => {
    expect(parseCredentials(text)).toBeUndefined();
  },
);

test('for a missing file, says how to continue without it', async () => {
  await expect(readCredentials('/nowhere/credentials.txt')).rejects.toMatchObject({
    code: 'credentials-missing',
    hint: expect.stringContaining('--identity'),
  });
});
