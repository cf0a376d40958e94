import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { MicroLinuxError } from '@micro-linux/core';
import { type InstallManifest, MediumPath } from '@micro-linux/provision';
import {
  chunkPlaces,
  encodeSignatureFile,
  fileSource,
  parsePublicKey,
  readHead,
  type TrustPolicy,
} from '@micro-linux/update-image';
import { generateKeyPair } from '@micro-linux/update-image/write';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { NO_PROGRESS } from '../progress/progress.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { checkMedium, openMedium } from './check-medium.ts';
import { readMediumFile } from './medium/medium.ts';
import { makeMedium, signMedium } from './medium.testdata.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
});
afterAll(() => update.remove());

const medium = (change: Partial<InstallManifest> = {}) => makeMedium(update, { change });

function sign(directory: string, bytes: Buffer, privatePem = update.privatePem): void {
  signMedium(directory, bytes, privatePem);
}

function trusting(publicPem: string, more: Partial<TrustPolicy> = {}): TrustPolicy {
  const keys = [parsePublicKey(publicPem, 'a key of the test')];
  return { keys, revoked: new Set(), threshold: 1, ...more };
}

async function check(directory: string, trust = trusting(update.publicPem)) {
  const signal = new AbortController().signal;
  const options = { directory, trust, progress: NO_PROGRESS, signal, stallMs: 60_000 };
  return checkMedium(await openMedium(options), options);
}

/** The error of a check that must fail. */
async function refusal(checked: Promise<unknown>): Promise<MicroLinuxError> {
  const error: unknown = await checked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MicroLinuxError) {
    return error;
  }
  throw new TypeError(`expected a refusal, got ${String(error)}`);
}

/** Flips one bit. */
function damage(path: string, offset: number): void {
  const content = readFileSync(path);
  content.writeUInt8(content.readUInt8(offset) ^ 1, offset);
  writeFileSync(path, content);
}

test('accepts a complete medium', async () => {
  const { directory } = medium();
  const { medium: found, source } = await check(directory);
  onTestFinished(() => source.close());
  expect(found.head.manifest.version).toBe(update.manifest.version);
});

test.each([MediumPath.esp, MediumPath.esp4k, MediumPath.bootCode, MediumPath.core])(
  'rejects one flipped bit of %s',
  async (path) => {
    const { directory, at } = medium();
    damage(at(path), 300 % readFileSync(at(path)).length);
    const error = await refusal(check(directory));
    expect(error).toMatchObject({ code: 'medium-damaged', exitCode: 5 });
    expect(error.message).toContain(at(path));
  },
);

test.each([MediumPath.esp, MediumPath.bootCode, MediumPath.core])(
  'rejects %s that ends early or is missing',
  async (path) => {
    const { directory, at } = medium();
    truncateSync(at(path), readFileSync(at(path)).length - 1);
    expect(await refusal(check(directory))).toMatchObject({ code: 'medium-damaged' });
    rmSync(at(path));
    expect(await refusal(check(directory))).toMatchObject({ code: 'medium-damaged' });
  },
);

test('rejects one flipped bit of the last chunk', async () => {
  const { directory, at } = medium();
  const source = await fileSource(at(MediumPath.update));
  const last = chunkPlaces(await readHead(source)).at(-1);
  await source.close();
  damage(at(MediumPath.update), (last?.frameOffset ?? 0) + (last?.frameBytes ?? 0) - 1);
  expect(await refusal(check(directory))).toMatchObject({ code: 'chunk-corrupt' });
});

test('rejects half an update', async () => {
  const { directory, at } = medium();
  truncateSync(at(MediumPath.update), readFileSync(at(MediumPath.update)).length >> 1);
  expect(await refusal(check(directory))).toMatchObject({ code: 'update-truncated' });
});

test('rejects an unknown key', async () => {
  const { directory } = medium();
  const other = trusting(generateKeyPair().publicPem);
  expect(await refusal(check(directory, other))).toMatchObject({
    code: 'key-unknown',
    exitCode: 5,
  });
});

test('rejects a revoked key', async () => {
  const { directory } = medium();
  const { keyId } = parsePublicKey(update.publicPem, 'a key of the test');
  const revoked = trusting(update.publicPem, { revoked: new Set([keyId]) });
  expect(await refusal(check(directory, revoked))).toMatchObject({ code: 'key-revoked' });
});

test('rejects a manifest that was changed after it was signed', async () => {
  const { directory, at } = medium();
  const path = at(MediumPath.update);
  const content = readFileSync(path);
  const from = Buffer.from(`"version":"${update.manifest.version}"`);
  const place = content.indexOf(from);
  expect(place).toBeGreaterThan(0);
  Buffer.from('"version":"9.9.9"').copy(content, place);
  writeFileSync(path, content);
  expect(await refusal(check(directory))).toMatchObject({ code: 'signature-invalid', exitCode: 5 });
});

test.each(['version', 'compatible', 'buildId'] as const)(
  'rejects an update whose %s differs from the medium’s',
  async (name) => {
    const { directory } = medium({ [name]: 'another' });
    const error = await refusal(check(directory));
    expect(error).toMatchObject({ code: 'medium-mismatch', exitCode: 5 });
    expect(error.why).toContain(name);
  },
);

test('rejects a missing medium, and one with a damaged description', async () => {
  const { directory, at } = medium();
  const half = Buffer.from('{"schema": 2');
  writeFileSync(at(MediumPath.manifest), half);
  expect(await refusal(check(directory))).toMatchObject({ code: 'signature-invalid' });
  sign(directory, half);
  expect(await refusal(check(directory))).toMatchObject({ code: 'medium-damaged' });
  rmSync(at(MediumPath.manifest));
  expect(await refusal(check(directory))).toMatchObject({ code: 'medium-missing', exitCode: 2 });
});

test.each([
  ['another file', (text: string) => text.replace(/"core":\{"bytes":\d+/, '"core":{"bytes":1')],
  ['another build', (text: string) => text.replace('"buildId":"', '"buildId":"x')],
  ['a space', (text: string) => `${text} `],
])('rejects a list of files that was changed after it was signed: %s', async (_title, change) => {
  const { directory, at } = medium();
  const text = readFileSync(at(MediumPath.manifest), 'utf8');
  expect(change(text)).not.toBe(text);
  writeFileSync(at(MediumPath.manifest), change(text));
  const error = await refusal(check(directory));
  expect(error).toMatchObject({ code: 'signature-invalid', exitCode: 5 });
  expect(error.message).toContain('the installation medium');
});

test('rejects a list of files that is unsigned, or signed by an unknown key', async () => {
  const { directory, at } = medium();
  const bytes = readFileSync(at(MediumPath.manifest));
  sign(directory, bytes, generateKeyPair().privatePem);
  expect(await refusal(check(directory))).toMatchObject({ code: 'key-unknown', exitCode: 5 });
  writeFileSync(at(MediumPath.signatures), encodeSignatureFile([]));
  expect(await refusal(check(directory))).toMatchObject({ code: 'signature-missing' });
  writeFileSync(at(MediumPath.signatures), 'x');
  expect(await refusal(check(directory))).toMatchObject({ code: 'signatures-invalid' });
  rmSync(at(MediumPath.signatures));
  expect(await refusal(check(directory))).toMatchObject({ code: 'signature-missing', exitCode: 5 });
});

test('does not read a list of files that is too long to its end', async () => {
  const { directory, at } = medium();
  truncateSync(at(MediumPath.manifest), 2 ** 40);
  expect(await refusal(check(directory))).toMatchObject({ code: 'medium-missing' });
});

test('rejects a seed other than the signed one', async () => {
  const { directory, at } = medium();
  const signal = new AbortController().signal;
  const trust = trusting(update.publicPem);
  const opened = await openMedium({
    directory,
    trust,
    progress: NO_PROGRESS,
    signal,
    stallMs: 60_000,
  });
  expect((await readMediumFile(opened, 'seed')).toString()).toBe('seed');
  for (const content of ['seen', 'seeds', '']) {
    writeFileSync(at(MediumPath.seed), content);
    expect(await refusal(readMediumFile(opened, 'seed'))).toMatchObject({ code: 'medium-damaged' });
  }
});
