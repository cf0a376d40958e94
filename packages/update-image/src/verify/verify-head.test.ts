import { describe, expect, test } from 'vitest';
import { type TestKey, testKey, trusting } from '../../test/support/sample-update.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { signManifest } from '../write/sign-manifest.ts';
import { verifyHead } from './verify-head.ts';

const manifestBytes = Buffer.from('what is signed');
const [old, current, next, stranger] = [testKey(), testKey(), testKey(), testKey()];

function signedBy(...keys: readonly TestKey[]) {
  return {
    manifestBytes,
    signatures: keys.map(({ privateKey }) => signManifest(manifestBytes, privateKey.key)),
  };
}

function revoking(...keys: readonly TestKey[]) {
  return { revoked: new Set(keys.map(({ keyId }) => keyId)) };
}

async function refusal(action: () => unknown): Promise<string> {
  const { code, exitCode } = await thrownBy(action);
  expect(exitCode).toBe(5);
  return code;
}

describe('one signature needed', () => {
  test('accepts one by a trusted key', () => {
    expect(verifyHead(signedBy(current), trusting(current))).toEqual([current.keyId]);
  });

  test('reports signature-missing if there is none', async () => {
    expect(await refusal(() => verifyHead(signedBy(), trusting(current)))).toBe(
      'signature-missing',
    );
  });

  test('one by an unknown key is key-unknown, even if no key is trusted', async () => {
    expect(await refusal(() => verifyHead(signedBy(stranger), trusting(current)))).toBe(
      'key-unknown',
    );
    expect(await refusal(() => verifyHead(signedBy(stranger), trusting()))).toBe('key-unknown');
  });

  test('one by a revoked key is key-revoked, trusted or not', async () => {
    const trust = { ...trusting(old, current), ...revoking(old) };
    expect(await refusal(() => verifyHead(signedBy(old), trust))).toBe('key-revoked');
    expect(
      await refusal(() => verifyHead(signedBy(old), { ...trusting(current), ...revoking(old) })),
    ).toBe('key-revoked');
  });

  test('one over other bytes is signature-invalid', async () => {
    const head = { ...signedBy(current), manifestBytes: Buffer.from('what is signeD') };
    expect(await refusal(() => verifyHead(head, trusting(current)))).toBe('signature-invalid');
  });

  test('one that names another trusted key is signature-invalid', async () => {
    const [signature] = signedBy(current).signatures;
    const forged = { ...(signature ?? fail()), keyId: next.keyId };
    const head = { manifestBytes, signatures: [forged] };
    expect(await refusal(() => verifyHead(head, trusting(current, next)))).toBe(
      'signature-invalid',
    );
  });

  test('a wrong one next to a valid one is signature-invalid', async () => {
    const [bad] = signedBy(next).signatures;
    const head = {
      manifestBytes,
      signatures: [
        ...signedBy(current).signatures,
        { ...(bad ?? fail()), signature: Buffer.alloc(64).toString('base64') },
      ],
    };
    expect(await refusal(() => verifyHead(head, trusting(current, next)))).toBe(
      'signature-invalid',
    );
  });
});

describe('two signatures needed', () => {
  const trust = { ...trusting(current, next, old), threshold: 2 };

  test('accepts two by trusted keys', () => {
    expect(verifyHead(signedBy(next, current), trust)).toEqual([next.keyId, current.keyId]);
  });

  test.each([
    ['one', signedBy(current), 'signature-missing'],
    ['one, and one of an unknown key', signedBy(current, stranger), 'key-unknown'],
    ['one, and one of a revoked key', signedBy(current, old), 'key-revoked'],
    ['a revoked one alone', signedBy(old), 'signature-missing'],
  ])('%s is refused', async (_name, head, code) => {
    expect(await refusal(() => verifyHead(head, { ...trust, ...revoking(old) }))).toBe(code);
  });

  test('the same key twice counts once', async () => {
    const [signature] = signedBy(current).signatures;
    const head = { manifestBytes, signatures: [signature ?? fail(), signature ?? fail()] };
    expect(await refusal(() => verifyHead(head, trust))).toBe('signature-missing');
  });

  test('the same key trusted twice counts once', async () => {
    const twice = { ...trusting(current, current), threshold: 2 };
    expect(await refusal(() => verifyHead(signedBy(current), twice))).toBe('signature-missing');
  });
});

describe('a key is rotated', () => {
  const overlap = signedBy(old, next);

  test('devices that trust the old key, the new key, or both accept an update signed by both', () => {
    expect(verifyHead(overlap, trusting(old))).toEqual([old.keyId]);
    expect(verifyHead(overlap, trusting(next))).toEqual([next.keyId]);
    expect(verifyHead(overlap, trusting(old, next))).toEqual([old.keyId, next.keyId]);
  });

  test('after the old key is revoked, the new one still counts', () => {
    const trust = { ...trusting(old, next), ...revoking(old) };
    expect(verifyHead(overlap, trust)).toEqual([next.keyId]);
  });
});

test.each([0, -1, 1.5, Number.NaN])('refuses a threshold of %d', (threshold) => {
  expect(() => verifyHead(signedBy(current), { ...trusting(current), threshold })).toThrow(
    RangeError,
  );
});

function fail(): never {
  throw new Error('no signature');
}
