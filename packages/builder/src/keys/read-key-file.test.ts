import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorToObject, MicroLinuxError } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPrivateKeyFile, readPublicKeyFile } from './read-key-file.ts';
import { type KeyFolder, keyFolder } from './testing.ts';

let folder: KeyFolder;
beforeEach(async () => {
  folder = await keyFolder();
});
afterEach(() => folder.remove());

const at = (name: string) => join(folder.path, name);

async function failure(reading: Promise<unknown>): Promise<MicroLinuxError> {
  const thrown = await reading.catch((error: unknown) => error);
  if (thrown instanceof MicroLinuxError) {
    expect(thrown).toMatchObject({ exitCode: 2, hint: expect.any(String) });
    return thrown;
  }
  throw new Error(`expected a MicroLinuxError, got ${thrown}`);
}

const rsa = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 1024,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });

describe('a public key file', () => {
  it('is read into one form, whatever surrounds the key', async () => {
    const { publicKey, publicPem, keyId } = await folder.pair('a');
    await writeFile(at('noted.pem'), `made in May\n${publicPem.replaceAll('\n', '\r\n')}`);
    expect(await readPublicKeyFile(publicKey)).toMatchObject({ keyId, pem: publicPem });
    expect(await readPublicKeyFile(at('noted.pem'))).toMatchObject({ keyId, pem: publicPem });
  });

  it('must not be the private half', async () => {
    const { privateKey } = await folder.pair('a');
    expect(await failure(readPublicKeyFile(privateKey))).toMatchObject({
      code: 'key-invalid',
      message: expect.stringContaining('contains a private key'),
    });
  });
});

describe('a private key file', () => {
  it('is read; one that others may read is reported', async () => {
    const { privateKey, publicPem, keyId } = await folder.pair('a');
    expect(await readPrivateKeyFile(privateKey)).toMatchObject({
      keyId,
      publicPem,
      exposed: false,
    });
    await chmod(privateKey, 0o640);
    expect(await readPrivateKeyFile(privateKey)).toMatchObject({ exposed: true });
  });

  it('must not be the public half', async () => {
    const { publicKey } = await folder.pair('a');
    expect(await failure(readPrivateKeyFile(publicKey))).toMatchObject({
      code: 'key-invalid',
      message: expect.stringContaining('contains a public key'),
    });
  });

  it('must not be encrypted', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'hunter2',
    });
    await writeFile(at('locked.pem'), pem);
    const error = await failure(readPrivateKeyFile(at('locked.pem')));
    expect(error.code).toBe('key-encrypted');
    expect(error.hint).toContain('--detached');
  });

  it('never appears in an error, however damaged', async () => {
    const { privatePem } = await folder.pair('a');
    const [, body = ''] = privatePem.split('\n');
    await writeFile(at('cut.pem'), privatePem.replace(body, body.slice(0, -4)));
    const error = await failure(readPrivateKeyFile(at('cut.pem')));
    expect(error.code).toBe('key-invalid');
    expect(JSON.stringify([errorToObject(error), String(error.cause)])).not.toContain(
      body.slice(8, 40),
    );
  });
});

describe.each([
  ['public', readPublicKeyFile, 'publicKey'],
  ['private', readPrivateKeyFile, 'privateKey'],
] as const)('what is not a %s key', (_name, read, half) => {
  it('a missing file', async () => {
    expect((await failure(read(at('none.pem')))).code).toBe('key-missing');
  });

  it('a directory', async () => {
    await mkdir(at('folder'));
    expect((await failure(read(at('folder')))).code).toBe('key-invalid');
  });

  it('a path below a file', async () => {
    await writeFile(at('file'), '');
    expect((await failure(read(at('file/key.pem')))).code).toBe('key-unreadable');
  });

  it('a key of another type', async () => {
    await writeFile(at('rsa.pem'), rsa()[half]);
    const error = await failure(read(at('rsa.pem')));
    expect(error.code).toBe('key-wrong-type');
    expect(error.message).toContain('of type rsa, not Ed25519');
  });

  it.each(['', 'hello', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'])(
    'the text %j',
    async (text) => {
      await writeFile(at('text.pem'), text);
      expect((await failure(read(at('text.pem')))).code).toBe('key-invalid');
    },
  );

  it('a file that is far too large', async () => {
    await writeFile(at('large.pem'), Buffer.alloc(65 * 1024));
    expect((await failure(read(at('large.pem')))).code).toBe('key-invalid');
  });
});
