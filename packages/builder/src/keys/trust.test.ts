import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type KeyFolder, keyFolder, listeningReporter, updateConfig } from './testing.ts';
import { NO_KEY_YET, readTrust } from './trust.ts';

let folder: KeyFolder;
const reporter = listeningReporter();
beforeEach(async () => {
  folder = await keyFolder();
  reporter.said.length = 0;
});
afterEach(() => folder.remove());

it('trusts a development key if none is configured, and says so if it makes it', async () => {
  const config = updateConfig(folder.path);
  const first = await readTrust(config, { create: true, reporter });
  expect(first.trust).toMatchObject({ development: true, threshold: 1, revoked: [] });
  expect(first.trust.keys).toEqual([
    { keyId: first.developmentKey?.keyId, pem: first.developmentKey?.publicPem },
  ]);
  await readTrust(config, { create: true, reporter });
  expect(reporter.said).toHaveLength(1);
  expect(reporter.said[0]).toContain(config.developmentKey);
});

it('makes no development key if keys are configured', async () => {
  const { publicKey, keyId, publicPem } = await folder.pair('a');
  const { trust, developmentKey } = await readTrust(
    updateConfig(folder.path, { trustedKeys: [publicKey] }),
    { create: true, reporter },
  );
  expect(trust).toEqual({
    keys: [{ keyId, pem: publicPem }],
    revoked: [],
    threshold: 1,
    development: false,
  });
  expect(developmentKey).toBeUndefined();
  expect(await readdir(folder.path)).not.toContain('keys');
});

it('plans a dry run without a key', async () => {
  const { trust } = await readTrust(updateConfig(folder.path), { create: false, reporter });
  expect(trust.keys).toEqual([{ keyId: NO_KEY_YET, pem: '' }]);
});

it('counts a key named twice once, in an order independent of paths', async () => {
  const pairs = await Promise.all(['a', 'b', 'c'].map((name) => folder.pair(name)));
  const trustedKeys = [...pairs, ...pairs].map(({ publicKey }) => publicKey);
  const { trust } = await readTrust(updateConfig(folder.path, { trustedKeys }), {
    create: true,
    reporter,
  });
  expect(trust.keys.map(({ keyId }) => keyId)).toEqual(pairs.map(({ keyId }) => keyId).sort());
});

it('leaves a revoked key out, and refuses a threshold that the others cannot reach', async () => {
  const [a, b] = await Promise.all([folder.pair('a'), folder.pair('b')]);
  const config = updateConfig(folder.path, {
    trustedKeys: [a.publicKey, b.publicKey],
    revokedKeys: [a.keyId],
  });
  const { trust } = await readTrust(config, { create: true, reporter });
  expect(trust.keys.map(({ keyId }) => keyId)).toEqual([b.keyId]);
  await expect(
    readTrust({ ...config, threshold: 2 }, { create: true, reporter }),
  ).rejects.toMatchObject({
    code: 'threshold-unreachable',
    exitCode: 2,
    why: 'update.trustedKeys names 2 different keys, of which 1 revoked',
  });
});
