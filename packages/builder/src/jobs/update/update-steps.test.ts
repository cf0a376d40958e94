import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { decodeHead } from '@micro-linux/update-image';
import { generateKeyPair, parsePrivateKey, signManifest } from '@micro-linux/update-image/write';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Signer } from '../../keys/signer.ts';
import { listeningReporter } from '../../keys/testing.ts';
import { digestOf, fileDigest } from '../../plan/digest.ts';
import { type ExecuteOptions, executeStep, type StepTiming } from '../../plan/execute.ts';
import { testStep } from '../../plan/testing.ts';
import { payloadStep } from '../../steps/update/payload-step.ts';
import type { UpdateFacts } from '../../steps/update/update-facts.ts';
import { updateStep } from '../../steps/update/update-step.ts';
import { checkUpdate } from '../inspect/check-update.ts';

let directory: string;
let image: string;
let digestFile: string;
let timings: StepTiming[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'update-step-'));
  image = join(directory, 'slot.ext4');
  digestFile = join(directory, 'slot.json');
  timings = [];
  await writeFile(image, Buffer.alloc(2_500_000, 'what a slot holds\n'));
  await writeDigest();
});
afterEach(() => rm(directory, { recursive: true }));

async function writeDigest(): Promise<void> {
  const digest = { sha256: await fileDigest(image), bytes: (await stat(image)).size };
  await writeFile(digestFile, JSON.stringify(digest));
}

const execute = (): ExecuteOptions => ({
  run,
  signal: new AbortController().signal,
  reporter: listeningReporter(),
  cacheDirectory: join(directory, 'cache'),
  workDirectory: join(directory, 'work'),
  logFile: join(directory, 'log'),
  fresh: false,
  keyOf: ({ inputs }) => digestOf(inputs),
});

const FACTS: UpdateFacts = {
  compatible: 'gate',
  version: '1.2.3',
  rollbackIndex: 4,
  architecture: 'x86_64',
  profile: 'bookworm',
  buildId: 'b1',
  kernel: '6.1.0',
};

const payload = (level = 1) => payloadStep({ image, digestFile, slot: testStep('slot'), level });

function testSigner(): Signer {
  const { keyId, key } = parsePrivateKey(generateKeyPair().privatePem, 'test');
  return { keyId, title: 'a test', sign: async (bytes) => signManifest(bytes, key) };
}

async function makeUpdate(signer: Signer | undefined) {
  const step = updateStep({
    payload: await executeStep(payload(), execute(), timings),
    facts: async () => FACTS,
    known: {},
    needs: [],
    signer,
    name: 'micro-linux-test.update.img',
  });
  return executeStep(step, execute(), timings);
}

describe('the payload', () => {
  it('is cached by image and level', async () => {
    await executeStep(payload(1), execute(), timings);
    await executeStep(payload(1), execute(), timings);
    await executeStep(payload(2), execute(), timings);
    expect(timings.map(({ cached }) => cached)).toEqual([false, true, false]);
  });

  it('is not made from a slot image that differs from the built one', async () => {
    await writeFile(image, 'another', { flag: 'r+' });
    await expect(executeStep(payload(), execute(), timings)).rejects.toMatchObject({
      code: 'slot-changed',
    });
    expect(await readdir(join(directory, 'cache/update-payload'))).toEqual([]);
  });
});

describe('the update', () => {
  it('contains the slot image after a head from config and keys', async () => {
    const signer = testSigner();
    const files = await makeUpdate(signer);
    const { signal } = execute();
    const { head } = await checkUpdate(files.update, { signal, onProgress() {} });
    const { image: about, ...said } = head.manifest;
    expect(said).toEqual({ format: 'micro-linux-update', schema: 1, ...FACTS });
    expect(about.sha256).toBe(await fileDigest(image));
    expect(head.signatures.map(({ keyId }) => keyId)).toEqual([signer.keyId]);
  });

  it('has the same head on the data partition as in the file', async () => {
    const files = await makeUpdate(testSigner());
    const bytes = await readFile(files.head);
    expect((await readFile(files.update)).subarray(0, bytes.length)).toEqual(bytes);
    expect(decodeHead(bytes).manifestBytes).toEqual(await readFile(files.manifest));
  });

  it('can stay unsigned', async () => {
    const files = await makeUpdate(undefined);
    expect(decodeHead(await readFile(files.head)).signatures).toEqual([]);
    expect(files.manifest).toMatch(/micro-linux-test\.update\.img\.manifest$/);
  });

  it('is signed each time, with the same bytes', async () => {
    const signer = testSigner();
    const first = await readFile((await makeUpdate(signer)).update);
    expect(await readFile((await makeUpdate(signer)).update)).toEqual(first);
    expect(timings.filter(({ id, cached }) => id === 'update' && cached)).toEqual([]);
  });

  it('is not written if signing fails', async () => {
    const signer = { ...testSigner(), sign: () => Promise.reject(new Error('no card')) };
    await expect(makeUpdate(signer)).rejects.toThrow('no card');
    expect(await readdir(join(directory, 'work'))).toEqual([]);
  });
});
