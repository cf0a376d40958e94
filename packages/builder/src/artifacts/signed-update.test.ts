import { expect, it } from 'vitest';
import { TEST_TRUST } from '../jobs/build/testing.ts';
import type { ArtifactRecord } from './build-record.ts';
import { signedUpdate, signsEnough } from './signed-update.ts';

const [KEY = { keyId: '', pem: '' }] = TEST_TRUST.keys;
const OTHER = { keyId: 'ff', pem: 'PEM\n' };
const SIGNER = { keyId: KEY.keyId, title: '', sign: () => Promise.reject(new Error('signs')) };

const update = (...signedBy: string[]): readonly ArtifactRecord[] => [
  { kind: 'update', file: 'a.update.img', bytes: 1, sha256: '', modifiedMs: 0, signedBy },
];

it('an ISO uses the existing update if enough trusted keys signed it', () => {
  expect(signedUpdate(update(KEY.keyId), TEST_TRUST, '/artifacts')).toBe('/artifacts/a.update.img');
  expect(signedUpdate([], TEST_TRUST, '/artifacts')).toBeUndefined();
  expect(signedUpdate(update(), TEST_TRUST, '/artifacts')).toBeUndefined();
  expect(signedUpdate(update(OTHER.keyId), TEST_TRUST, '/artifacts')).toBeUndefined();
  const two = { ...TEST_TRUST, keys: [KEY, OTHER], threshold: 2 };
  expect(signedUpdate(update(KEY.keyId), two, '/artifacts')).toBeUndefined();
  expect(signedUpdate(update(KEY.keyId, OTHER.keyId), two, '/artifacts')).toBeDefined();
});

it('a build signs at most once', () => {
  expect(signsEnough(SIGNER, TEST_TRUST)).toBe(true);
  expect(signsEnough(undefined, TEST_TRUST)).toBe(false);
  expect(signsEnough(SIGNER, { ...TEST_TRUST, threshold: 2 })).toBe(false);
});
