import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { mayShowSecrets } from './may-show-secrets.ts';
import { passwordLines } from './password-lines.ts';

const terminal = Object.assign(new PassThrough(), { isTTY: true });

describe('a secret may be printed', () => {
  test.each([{}, { CI: '' }, { CI: 'false' }])('to a terminal, with %j', (env) => {
    expect(mayShowSecrets(terminal, env)).toBe(true);
  });

  test('not to a pipe or a file', () => {
    expect(mayShowSecrets(new PassThrough(), {})).toBe(false);
  });

  test.each(['true', '1', 'woodpecker'])('not to the terminal of a CI job, CI=%s', (CI) => {
    expect(mayShowSecrets(terminal, { CI })).toBe(false);
  });
});

test('names only the file without a terminal', () => {
  const options = { artifacts: '/a', mayShowSecrets: false };
  expect(passwordLines('hunter2', options)).toEqual([
    '  the new password is in /a/credentials.txt, which only you may read',
  ]);
  expect(passwordLines('hunter2', { ...options, mayShowSecrets: true }).join()).toContain(
    'hunter2',
  );
});
