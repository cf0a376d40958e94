import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { generateKeyPair } from '../write/generate-key-pair.ts';
import { parsePrivateKey } from '../write/private-key.ts';
import { parsePublicKey } from './public-key.ts';

const pair = generateKeyPair();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const x25519 = generateKeyPairSync('x25519');
const spki = { type: 'spki', format: 'pem' } as const;
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;

test('both halves of a pair have the same id', () => {
  expect(parsePublicKey(pair.publicPem, 'a').keyId).toBe(pair.keyId);
  expect(parsePrivateKey(pair.privatePem, 'b')).toMatchObject({
    keyId: pair.keyId,
    publicPem: pair.publicPem,
  });
});

test('an id is 32 hex digits and differs from key to key', () => {
  expect(pair.keyId).toMatch(/^[0-9a-f]{32}$/);
  expect(generateKeyPair().keyId).not.toBe(pair.keyId);
});

test('lines may end as on Windows', () => {
  const pem = pair.publicPem.replaceAll('\n', '\r\n');
  expect(parsePublicKey(pem, 'a').keyId).toBe(pair.keyId);
});

test.each([
  ['nothing', ''],
  ['text', 'ssh-ed25519 AAAA'],
  ['an RSA key', rsa.publicKey.export(spki).toString()],
  ['an elliptic curve key', ec.publicKey.export(spki).toString()],
  ['a key for key agreement', x25519.publicKey.export(spki).toString()],
  ['two keys', pair.publicPem + generateKeyPair().publicPem],
  ['a key with text before it', `# key\n${pair.publicPem}`],
  ['a damaged key', pair.publicPem.replace('MCow', 'MCox')],
])('%s is not a public key', async (_name, pem) => {
  const error = await thrownBy(() => parsePublicKey(pem, 'device.pem'));
  expect(error).toMatchObject({ code: 'key-invalid', exitCode: 5 });
  expect(error.message).toContain('device.pem');
});

test('refuses a private key instead of a public one, and never shows it', async () => {
  const error = await thrownBy(() => parsePublicKey(pair.privatePem, 'device.pem'));
  expect(error).toMatchObject({ code: 'key-invalid', hint: 'openssl pkey -in device.pem -pubout' });
  const secret = pair.privatePem.split('\n')[1] ?? 'no secret';
  expect(JSON.stringify({ ...error, message: error.message })).not.toContain(secret);
});

test.each([
  ['nothing', '', undefined],
  ['a public key', pair.publicPem, undefined],
  ['an RSA key', rsa.privateKey.export(pkcs8).toString(), 'its type is rsa'],
  [
    'a key with a passphrase',
    rsa.privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    'it is locked with a passphrase',
  ],
])('%s is not a private key to sign with', async (_name, pem, why) => {
  const error = await thrownBy(() => parsePrivateKey(pem, 'sign.pem'));
  expect(error).toMatchObject({ code: 'key-invalid', exitCode: 5, ...(why ? { why } : {}) });
});
