import { createHash, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { describe, expect, test } from 'vitest';
import {
  decodeHead,
  encodeHead,
  fileSource,
  parsePublicKey,
  readHead,
  verifyHead,
} from '../src/index.ts';
import { attachSignatures, parsePrivateKey } from '../src/write/index.ts';
import { sampleUpdate, testKey } from './support/sample-update.ts';
import { scratchDirectory } from './support/scratch.ts';

const SIGNATURE_BYTES = 64;

describe('zstd', () => {
  test('decompresses an update to the slot image', async () => {
    const directory = scratchDirectory();
    const update = await sampleUpdate(directory, [testKey()], 700_000);
    const output = join(directory, 'decompressed');
    await run('zstd', ['-dc', update.file], { stdoutFile: output });
    const { manifest } = decodeHead(
      update.bytes.subarray(0, (await headOf(update.file)).payloadOffset),
    );
    const sha256 = createHash('sha256').update(readFileSync(output)).digest('hex');
    expect(sha256).toBe(manifest.image.sha256);
  });

  test('lists frames, skipped frames and lengths', async () => {
    const update = await sampleUpdate(scratchDirectory(), [testKey()], 700_000);
    const { stdout } = await run('zstd', ['-lv', update.file]);
    expect(stdout).toMatch(/Zstandard Frames: 11$/m);
    expect(stdout).toMatch(/Skippable Frames: 3$/m);
    expect(stdout).toMatch(/Decompressed Size: .*\(700000 B\)$/m);
  });
});

describe('openssl', () => {
  test('makes a key that signs an update, in two steps', async () => {
    const directory = scratchDirectory();
    const update = await sampleUpdate(directory, []);
    const file = (name: string) => join(directory, name);
    const { manifestBytes } = await headOf(update.file);
    writeFileSync(file('manifest.bin'), manifestBytes);

    await run('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', file('key.pem')]);
    await run('openssl', ['pkey', '-in', file('key.pem'), '-pubout', '-out', file('key.pub.pem')]);
    await run('openssl', [
      ...['pkeyutl', '-sign', '-rawin', '-inkey', file('key.pem')],
      ...['-in', file('manifest.bin'), '-out', file('manifest.sig')],
    ]);
    const publicKey = parsePublicKey(readFileSync(file('key.pub.pem'), 'utf8'), 'key.pub.pem');
    const signature = readFileSync(file('manifest.sig'));
    expect(signature).toHaveLength(SIGNATURE_BYTES);
    const signed = file('signed.img');
    await attachSignatures({
      update: update.file,
      output: signed,
      signatures: [
        {
          keyId: publicKey.keyId,
          algorithm: 'ed25519',
          signature: signature.toString('base64'),
        },
      ],
    });

    const trust = { keys: [publicKey], revoked: new Set<string>(), threshold: 1 };
    expect(verifyHead(await headOf(signed), trust)).toEqual([publicKey.keyId]);
    const privateKey = parsePrivateKey(readFileSync(file('key.pem'), 'utf8'), 'key.pem');
    expect(privateKey.keyId).toBe(publicKey.keyId);
    expect(privateKey.publicPem).toBe(readFileSync(file('key.pub.pem'), 'utf8'));
  });

  test('verifies our signature, and computes the same key id', async () => {
    const directory = scratchDirectory();
    const key = testKey();
    const update = await sampleUpdate(directory, [key]);
    const file = (name: string) => join(directory, name);
    const { manifestBytes, signatures } = await headOf(update.file);
    writeFileSync(file('manifest.bin'), manifestBytes);
    writeFileSync(file('key.pub.pem'), key.privateKey.publicPem);
    writeFileSync(file('manifest.sig'), Buffer.from(signatures[0]?.signature ?? '', 'base64'));
    const { stdout } = await run('openssl', [
      ...['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', file('key.pub.pem')],
      ...['-in', file('manifest.bin'), '-sigfile', file('manifest.sig')],
    ]);
    expect(stdout).toContain('Signature Verified Successfully');

    await run('openssl', [
      ...['pkey', '-pubin', '-in', file('key.pub.pem'), '-outform', 'DER'],
      ...['-out', file('key.der')],
    ]);
    const digest = await run('openssl', ['dgst', '-sha256', '-r', file('key.der')]);
    expect(digest.stdout.slice(0, 32)).toBe(key.keyId);
  });

  test('the signed bytes are the payload of the first frame, nothing else', async () => {
    const key = testKey();
    const update = await sampleUpdate(scratchDirectory(), [key]);
    const head = await headOf(update.file);
    const length = update.bytes.readUInt32LE(4);
    const signed = update.bytes.subarray(8, 8 + length);
    const signature = Buffer.from(head.signatures[0]?.signature ?? '', 'base64');
    expect(verify(null, signed, key.publicKey.key, signature)).toBe(true);
    expect(encodeHead(head).readUInt32LE(4)).toBe(length);
  });
});

async function headOf(path: string) {
  const source = await fileSource(path);
  try {
    return await readHead(source);
  } finally {
    await source.close();
  }
}
