import { generateKeyPairSync } from 'node:crypto';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UpdateFolder, updateFolder } from './update-folder.ts';

let folder: UpdateFolder;
beforeAll(async () => {
  folder = await updateFolder();
});
afterAll(() => folder.remove());

const inspect = (...more: readonly string[]) => folder.json('inspect', 'x.update.img', ...more);

describe('update', () => {
  it('signs a slot image, with data from the config and the image', async () => {
    expect(await folder.makeUpdate('--key', 'a.pem')).toMatchObject({
      exitCode: 0,
      update: folder.at('x.update.img'),
      signedBy: [folder.a],
    });
    expect(await inspect()).toMatchObject({
      exitCode: 0,
      kind: 'update',
      trusted: true,
      signatures: [{ keyId: folder.a, status: 'good' }],
      manifest: {
        version: '0.1.0',
        rollbackIndex: 3,
        buildId: 'b1',
        kernel: '6.1.0',
        image: { bytes: 8 * 2 ** 20 },
      },
    });
  });

  it('signs with a command', async () => {
    const command = 'openssl pkeyutl -sign -rawin -inkey b.pem -in "$MICRO_LINUX_MANIFEST"';
    const inFolder = `cd ${folder.path} && ${command}`;
    const made = await folder.makeUpdate('--sign-command', inFolder, '--public-key', 'b.pub.pem');
    expect(made).toMatchObject({ signedBy: [folder.b] });
  });

  it('leaves no temporary file behind, on success or failure', async () => {
    const before = (await readdir(folder.path)).sort();
    await folder.makeUpdate('--key', 'a.pem');
    await folder.makeUpdate('--sign-command', 'false', '--public-key', 'b.pub.pem');
    expect((await readdir(folder.path)).sort()).toEqual(before);
  });

  it('writes nothing in a dry run', async () => {
    const before = (await stat(folder.at('x.update.img'))).mtimeMs;
    expect(await folder.makeUpdate('--key', 'a.pem', '--dry-run')).toMatchObject({
      commands: [
        expect.stringContaining('slot.ext4'),
        expect.stringContaining(folder.a),
        expect.stringMatching(/^# write .*\/update\.img$/),
      ],
    });
    expect((await stat(folder.at('x.update.img'))).mtimeMs).toBe(before);
  });

  it.each([
    ['signing-key-missing', []],
    ['key-missing', ['--key', 'none.pem']],
    ['signing-key-untrusted', ['--key', 'stranger.pem']],
    ['key-invalid', ['--key', 'a.pub.pem']],
    ['key-wrong-type', ['--key', 'rsa.pem']],
    ['key-encrypted', ['--key', 'locked.pem']],
    ['threshold-unreachable', ['--trusted-key', 'b.pub.pem', '--threshold', '3']],
    ['config-invalid', ['--threshold', '3', '--key', 'a.pem']],
    ['config-invalid', ['--key', 'a.pem', '--sign-command', 'x', '--public-key', 'a.pub.pem']],
    ['config-invalid', ['--sign-command', 'x']],
    ['config-invalid', ['--revoked-key', 'xyz', '--key', 'a.pem']],
  ])('refuses with %s: %j', async (code, more) => {
    const options = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const;
    const rsa = generateKeyPairSync('rsa', {
      modulusLength: 1024,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      ...options,
    });
    await writeFile(folder.at('rsa.pem'), rsa.privateKey);
    await writeFile(folder.at('locked.pem'), '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n');
    await folder.cli('keygen', 'stranger.pem');
    const error = await folder.makeUpdate(...more);
    expect(error).toMatchObject({ code, exitCode: 2, hint: expect.any(String) });
  });

  it('refuses a revoked signing key', async () => {
    expect(await folder.makeUpdate('--key', 'a.pem', '--revoked-key', folder.a)).toMatchObject({
      code: 'signing-key-revoked',
      exitCode: 2,
    });
  });

  it('requires an output for a given image', async () => {
    expect(await folder.json('update', '--slot-image', 'slot.ext4')).toMatchObject({
      code: 'usage',
    });
  });
});
