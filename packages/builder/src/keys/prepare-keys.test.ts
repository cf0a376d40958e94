import { chmod } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { UpdateConfig } from '../config/config.ts';
import { prepareKeys, type Signing } from './prepare-keys.ts';
import { type KeyFolder, keyFolder, listeningReporter, updateConfig } from './testing.ts';

let folder: KeyFolder;
const reporter = listeningReporter();
beforeEach(async () => {
  folder = await keyFolder();
  reporter.said.length = 0;
});
afterEach(() => folder.remove());

const prepare = (given: Partial<UpdateConfig>, signing: Signing = 'required') =>
  prepareKeys(updateConfig(folder.path, given), { create: true, signing, reporter });

it('signs with the development key if nothing is configured', async () => {
  const { signer, trust } = await prepare({});
  expect(signer?.keyId).toBe(trust.keys[0]?.keyId);
});

it('signs with the configured key', async () => {
  const { privateKey, publicKey, keyId } = await folder.pair('a');
  const { signer } = await prepare({ trustedKeys: [publicKey], signingKey: privateKey });
  expect(signer?.keyId).toBe(keyId);
  expect(reporter.said).toEqual([]);
});

it('requires a signer if keys are configured and something is to be signed', async () => {
  const { publicKey } = await folder.pair('a');
  await expect(prepare({ trustedKeys: [publicKey] })).rejects.toMatchObject({
    code: 'signing-key-missing',
    exitCode: 2,
    hint: expect.stringContaining('--detached'),
  });
  expect((await prepare({ trustedKeys: [publicKey] }, 'optional')).signer).toBeUndefined();
  expect((await prepare({ trustedKeys: [publicKey] }, 'none')).signer).toBeUndefined();
});

it('refuses a signing key that the image will not trust', async () => {
  const [a, b] = await Promise.all([folder.pair('a'), folder.pair('b')]);
  const expected = {
    code: 'signing-key-untrusted',
    exitCode: 2,
    hint: expect.stringContaining('update.trustedKeys'),
  };
  await expect(
    prepare({ trustedKeys: [a.publicKey], signingKey: b.privateKey }),
  ).rejects.toMatchObject(expected);
  await expect(prepare({ signingKey: b.privateKey })).rejects.toMatchObject(expected);
  await expect(
    prepare({ trustedKeys: [a.publicKey], signCommand: 'true', signingPublicKey: b.publicKey }),
  ).rejects.toMatchObject(expected);
});

it('refuses a revoked signing key', async () => {
  const [a, b] = await Promise.all([folder.pair('a'), folder.pair('b')]);
  await expect(
    prepare({
      trustedKeys: [a.publicKey, b.publicKey],
      revokedKeys: [a.keyId],
      signingKey: a.privateKey,
    }),
  ).rejects.toMatchObject({ code: 'signing-key-revoked', exitCode: 2 });
});

it('warns about a private key that others may read', async () => {
  const { privateKey, publicKey } = await folder.pair('a');
  await chmod(privateKey, 0o644);
  await prepare({ trustedKeys: [publicKey], signingKey: privateKey });
  expect(reporter.said.join()).toContain(`chmod 600 ${privateKey}`);
});

it('says how many signatures are still missing', async () => {
  const [a, b] = await Promise.all([folder.pair('a'), folder.pair('b')]);
  const trustedKeys = [a.publicKey, b.publicKey];
  await prepare({ trustedKeys, signingKey: a.privateKey, threshold: 2 });
  expect(reporter.said.join()).toContain('attach adds the others');
});
