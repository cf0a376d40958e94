import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEYS } from '../testing.ts';
import { Problem } from './problem.ts';
import { parseSshKey } from './ssh-key.ts';

test.each(KEYS)('accepts %s', (key) => {
  expect(parseSshKey(key)).toBe(key);
});

test('drops blanks and the line end around a key', () => {
  expect(parseSshKey(`  ${KEYS[0]}\n`)).toBe(KEYS[0]);
});

test('a key needs no comment', () => {
  const bare = KEYS[0].split(' ').slice(0, 2).join(' ');
  expect(parseSshKey(bare)).toBe(bare);
});

const BLOB = KEYS[0].split(' ')[1] ?? '';

test.each([
  ['', 'does not begin with a key type'],
  [BLOB, 'does not begin with a key type'],
  [`from="192.0.2.1" ${KEYS[0]}`, 'does not begin with a key type'],
  [`ssh-dss ${BLOB}`, 'DSA'],
  [`ssh-rsa ${BLOB}`, 'not a complete ssh-rsa key'],
  ['ssh-ed25519', 'not a complete ssh-ed25519 key'],
  [`ssh-ed25519 ${BLOB.slice(0, -4)}`, 'not a complete ssh-ed25519 key'],
  [`ssh-ed25519 ${BLOB}*`, 'not a complete ssh-ed25519 key'],
  [KEYS.join('\n'), 'several lines'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----', 'private key'],
  ['PuTTY-User-Key-File-3: ssh-ed25519', 'private key'],
])('%j is refused: %s', (text, why) => {
  expect(parseSshKey(text)).toMatchObject({ what: expect.stringContaining(why) });
});

test('a key that is cut anywhere is refused', () => {
  fc.assert(
    fc.property(fc.nat(BLOB.length - 1), (length) => {
      expect(parseSshKey(`ssh-ed25519 ${BLOB.slice(0, length)}`)).toBeInstanceOf(Problem);
    }),
  );
});
