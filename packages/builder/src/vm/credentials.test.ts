import { expect, test } from 'vitest';
import { parseCredentials, readCredentials } from './credentials.ts';

test('the lines are read in any order, others are passed over', () => {
  expect(parseCredentials('build: 1\npassword: a b: c \nuser: micro\n')).toEqual({
    user: 'micro',
    password: 'a b: c',
  });
});

test.each(['', 'user: micro\n', 'password: x\n', 'user: micro\npassword:\nbuild: x\n'])(
  '%j holds no credentials',
  (text) => {
    expect(parseCredentials(text)).toBeUndefined();
  },
);

test('a missing file says how to go on without it', async () => {
  await expect(readCredentials('/nowhere/credentials.txt')).rejects.toMatchObject({
    code: 'credentials-missing',
    hint: expect.stringContaining('--identity'),
  });
});
