import { open, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UpdateFolder, updateFolder } from './update-folder.ts';

let folder: UpdateFolder;
beforeAll(async () => {
  folder = await updateFolder();
});
afterAll(() => folder.remove());

const inspect = (...more: readonly string[]) => folder.json('inspect', 'x.update.img', ...more);

describe('inspect of an update', () => {
  it('verifies with the given keys', async () => {
    await folder.makeUpdate('--key', 'a.pem');
    expect(await inspect('--public-key', 'b.pub.pem')).toMatchObject({
      ...{ exitCode: 5, ok: false, code: 'key-unknown', message: expect.any(String) },
      manifest: { version: '0.1.0' },
      trusted: false,
      untrustedBecause: expect.stringContaining('not trusted here'),
      signatures: [{ keyId: folder.a, status: 'unknown' }],
    });
    const revoking = `update: {trustedKeys: [b.pub.pem], revokedKeys: [${folder.a}]}\n`;
    await writeFile(folder.at('revoking.yaml'), revoking);
    expect(await inspect('--config', 'revoking.yaml')).toMatchObject({
      ...{ exitCode: 5, ok: false, code: 'key-revoked' },
      trusted: false,
      signatures: [{ keyId: folder.a, status: 'revoked' }],
    });
  });

  it('rejects an unsigned update, and shows its contents', async () => {
    expect(await folder.makeUpdate('--detached')).toMatchObject({ ok: true, signedBy: [] });
    expect(await inspect()).toMatchObject({
      ...{ exitCode: 5, ok: false, code: 'signature-missing' },
      ...{ trusted: false, signatures: [], manifest: { version: '0.1.0' } },
    });
    const { exitCode, stdout } = await folder.cli('inspect', 'x.update.img');
    expect(exitCode).toBe(5);
    expect(stdout).toContain('update to bookworm 0.1.0');
    expect(stdout).toMatch(/^NOT TRUSTED: /m);
  });

  it('prints the same as text', async () => {
    await folder.makeUpdate('--key', 'a.pem');
    const { stdout } = await folder.cli('inspect', 'x.update.img');
    expect(stdout).toContain('update to bookworm 0.1.0 (micro-linux-x86_64), rollback index 3');
    expect(stdout).toContain(`  ${folder.a}  good\n`);
    expect(stdout).toMatch(/^trusted: /m);
  });

  it.each([
    ['update-truncated', (size: number) => ({ length: size - 1 })],
    ['update-trailing-data', (size: number) => ({ length: size + 1 })],
    ['chunk-corrupt', (size: number) => ({ at: size - 200 })],
    ['seek-table-damaged', (size: number) => ({ at: size - 20 })],
    ['manifest-invalid', () => ({ at: 60 })],
  ])('names the damage: %s', async (code, damage) => {
    await folder.makeUpdate('--key', 'a.pem');
    const file = await open(folder.at('x.update.img'), 'r+');
    const { size } = await file.stat();
    const { length, at: offset } = { length: size, at: undefined, ...damage(size) };
    if (offset !== undefined) {
      const byte = Buffer.alloc(1);
      await file.read(byte, 0, 1, offset);
      await file.write(Buffer.from([byte.readUInt8(0) ^ 0xff]), 0, 1, offset);
    }
    await file.truncate(length);
    await file.close();
    expect(await inspect()).toMatchObject({ ok: false, code });
  });
});
