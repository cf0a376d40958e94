import { HASHES } from '@micro-linux/provision/testing';
import { expect, test } from 'vitest';
import { hashRemarks } from './password.ts';

const ruleOf = (password: unknown) => hashRemarks(password, []).map(({ rule }) => rule);

test.each([
  ...HASHES,
  '!',
  '*',
  '!$6$a$b',
  '$2b$12$KIXQ4Sx4m1lCGb3yXbtWLOjWj0zj1tYgH5o6yKxQyHj8mK0mF1k2S',
])('%s stands where a hash is due', (hash) => {
  expect(ruleOf(hash)).toEqual([]);
});

test.each(['hunter2', '', 'generate', 'disabled', '$6$short$x', 'x', `${HASHES[0]} `, '$99$a$b'])(
  '%j does not',
  (text) => {
    expect(ruleOf(text)).toEqual(['plain-password']);
    expect(JSON.stringify(hashRemarks(text, []))).not.toContain('hunter2');
  },
);

test('accepts MD5 with a warning', () => {
  expect(ruleOf('$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/')).toEqual(['weak-hash']);
});
