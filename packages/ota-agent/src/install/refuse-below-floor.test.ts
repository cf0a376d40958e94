import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { STATE_DIRECTORY } from '@micro-linux/provision';
import { parsePublicKey, type UpdateHead } from '@micro-linux/update-image';
import { generateKeyPair, parsePrivateKey, signManifest } from '@micro-linux/update-image/write';
import { expect, test } from 'vitest';
import { sampleHead } from '../state/head.testdata.ts';
import { raiseRollbackIndex } from '../state/rollback-index.ts';
import { stageTrustFloor, type TrustFloor } from '../state/trust-floor.ts';
import { testDevice } from '../testing.ts';
import { refuseBelowFloor } from './refuse-below-floor.ts';

const KEY = generateKeyPair();

function signed(rollbackIndex: number): UpdateHead {
  const head = sampleHead({ rollbackIndex });
  const { key } = parsePrivateKey(KEY.privatePem, 'a key of the test');
  return { ...head, signatures: [signManifest(head.manifestBytes, key)] };
}

/** Checks an image of index 5 against a disk whose data partition has these limits. */
async function check(kept: { readonly index?: number; readonly floor?: TrustFloor }) {
  const { system, answer } = testDevice();
  const done = { stdout: '', stderr: '', exitCode: 0 };
  // A mount needs root and a disk: the test puts the agent's state where it would be mounted.
  const mount: Runner = async (_file, args) => {
    const state = join(args.at(-1) ?? '', STATE_DIRECTORY);
    mkdirSync(state, { recursive: true });
    if (kept.index !== undefined) {
      raiseRollbackIndex(state, kept.index);
    }
    if (kept.floor) {
      stageTrustFloor(state, kept.floor)?.();
    }
    return done;
  };
  answer('/usr/bin/mount', mount);
  answer('/usr/bin/umount', async () => done);
  const trust = {
    keys: [parsePublicKey(KEY.publicPem, 'a key of the test')],
    revoked: new Set<string>(),
    threshold: 1,
  };
  await refuseBelowFloor({ system, trust }, '/dev/vda4', signed(5));
}

test('accepts an image that is not below the floor of the kept data', async () => {
  await expect(check({})).resolves.toBeUndefined();
  await expect(check({ index: 5, floor: { threshold: 1, revoked: [] } })).resolves.toBeUndefined();
});

test.each([
  ['of a lower index', { index: 6 }, 'rollback-index'],
  [
    'signed by a key that was revoked there',
    { floor: { threshold: 1, revoked: [KEY.keyId] } },
    'key-revoked',
  ],
  ['signed by too few keys for it', { floor: { threshold: 2, revoked: [] } }, 'signature-missing'],
] as const)('refuses an image %s', async (_, kept, code) => {
  await expect(check(kept)).rejects.toMatchObject({ code, exitCode: 5 });
});
