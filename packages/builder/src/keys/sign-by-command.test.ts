import { createPublicKey } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { errorToObject, MicroLinuxError, run } from '@micro-linux/core';
import { verifyHead } from '@micro-linux/update-image';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signByCommand } from './sign-by-command.ts';
import { type KeyFolder, keyFolder, type TestPair } from './testing.ts';

// Larger than a pipe's buffer: a command that does not read it must not block.
const MANIFEST = Buffer.alloc(200_000, 'manifest\n');

let folder: KeyFolder;
let pair: TestPair;
beforeEach(async () => {
  folder = await keyFolder();
  pair = await folder.pair('a');
});
afterEach(() => folder.remove());

const publicKey = () => ({ keyId: pair.keyId, key: createPublicKey(pair.publicPem) });

const sign = (command: string) =>
  signByCommand(
    { command, publicKey: publicKey(), manifestBytes: MANIFEST },
    { run, signal: AbortSignal.timeout(20_000), directory: folder.path },
  );

const openssl = () => `openssl pkeyutl -sign -rawin -inkey ${pair.privateKey}`;

describe('a sign command', () => {
  it.each([
    ['the file, prints it raw', () => `${openssl()} -in "$MICRO_LINUX_MANIFEST"`],
    ['the file, prints base64', () => `${openssl()} -in "$MICRO_LINUX_MANIFEST" | base64 -w 40`],
    ['standard input', () => `cat >${folder.path}/in && ${openssl()} -in ${folder.path}/in`],
  ])('signs: reads %s', async (_name, command) => {
    const signature = await sign(command());
    expect(signature.keyId).toBe(pair.keyId);
    const head = { manifestBytes: MANIFEST, signatures: [signature] };
    const trust = { keys: [publicKey()], revoked: new Set<string>(), threshold: 1 };
    expect(verifyHead(head, trust)).toEqual([pair.keyId]);
  });

  it('leaves nothing behind', async () => {
    await sign(`${openssl()} -in "$MICRO_LINUX_MANIFEST"`);
    expect((await readdir(folder.path)).sort()).toEqual(['a.pem', 'a.pub.pem']);
  });

  it('that signs with another key is refused', async () => {
    const other = await folder.pair('b');
    await expect(
      sign(`openssl pkeyutl -sign -rawin -inkey ${other.privateKey} -in "$MICRO_LINUX_MANIFEST"`),
    ).rejects.toMatchObject({ code: 'sign-command-wrong-key', exitCode: 1 });
  });

  it.each([
    'true',
    'cat',
    'echo c2lnbmF0dXJl',
    'head -c 63 /dev/zero',
    'head -c 65 /dev/zero',
    'head -c 9000 /dev/zero',
  ])('that prints no signature is refused: %s', async (command) => {
    await expect(sign(command)).rejects.toMatchObject({ code: 'sign-command-output' });
  });

  it('that fails is reported with its output, but not with the command', async () => {
    const error = await sign('echo wrong card >&2; : --pin 4711; exit 7').catch(
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof MicroLinuxError)) {
      throw new Error(`expected a MicroLinuxError, got ${error}`);
    }
    expect(error).toMatchObject({
      code: 'sign-command-failed',
      message: 'the sign command ended with status 7',
      why: 'its last lines:\nwrong card',
    });
    expect(JSON.stringify([errorToObject(error), String(error.cause)])).not.toContain('4711');
  });

  it('ends when the build is cancelled', async () => {
    const controller = new AbortController();
    const signing = signByCommand(
      { command: 'exec sleep 60', publicKey: publicKey(), manifestBytes: MANIFEST },
      { run, signal: controller.signal, directory: folder.path },
    );
    controller.abort();
    await expect(signing).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 });
  });
});

it('--verbose does not show a sign command, which may contain a PIN', async () => {
  const runner = vi.fn(run);
  await signByCommand(
    {
      command: `: PIN 1234; ${openssl()} -in "$MICRO_LINUX_MANIFEST"`,
      publicKey: publicKey(),
      manifestBytes: MANIFEST,
    },
    { run: runner, signal: AbortSignal.timeout(20_000), directory: folder.path },
  );
  expect(runner.mock.calls).toEqual([
    ['/bin/sh', expect.anything(), expect.objectContaining({ isSecret: true })],
  ]);
});
