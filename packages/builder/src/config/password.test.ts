import { Problem } from '@micro-linux/provision';
import { HASHES } from '@micro-linux/provision/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePassword } from './password.ts';

test.each(['generate', 'disabled'])('%s is a policy', (kind) => {
  expect(parsePassword(kind)).toEqual({ kind });
});

test.each(HASHES)('%s is a hash', (hash) => {
  expect(parsePassword(hash)).toEqual({ kind: 'hash', hash });
});

test('a SHA-512 hash may state its rounds', () => {
  const hash = HASHES[0].replace('$6$', '$6$rounds=50000$');
  expect(parsePassword(hash)).toEqual({ kind: 'hash', hash });
});

test.each([
  [HASHES[0].slice(0, -1), 'not a whole one'],
  [`${HASHES[0]}\n`, 'not a whole one'],
  ['$6$', 'not a whole one'],
  ['$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/', 'not accepted'],
  ['$2b$12$GhvMmNVjRW29ulnudl.LbuAnUtN/LRfe1JsBm1Xu6LE3059z5Tr8m', 'not accepted'],
  ['', 'locked'],
  ['!', 'locked'],
  ['*', 'locked'],
  ['correct horse', 'plain password'],
])('%j is refused: %s', (text, why) => {
  expect(parsePassword(text)).toMatchObject({ what: expect.stringContaining(why) });
});

test('for a plain password, says how to hash it', () => {
  expect(parsePassword('hunter2')).toMatchObject({
    fix: expect.stringContaining('openssl passwd -6'),
  });
});

test('a refused value is never quoted', () => {
  fc.assert(
    fc.property(fc.constantFrom('', '$6$', '$1$', '!'), fc.string(), (start, text) => {
      // A unique text that no message contains by chance.
      const secret = `%${text}%`;
      const result = parsePassword(start + secret);
      expect(result).toBeInstanceOf(Problem);
      expect(JSON.stringify(result)).not.toContain(JSON.stringify(secret).slice(1, -1));
    }),
  );
});
