import { readFile, writeFile } from 'node:fs/promises';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UpdateFolder, updateFolder } from './update-folder.ts';

let folder: UpdateFolder;
beforeAll(async () => {
  folder = await updateFolder();
});
afterAll(() => folder.remove());

const inspect = (...more: readonly string[]) => folder.json('inspect', 'x.update.img', ...more);

const signElsewhere = (key: string, signature: string) =>
  run('openssl', [
    ...['pkeyutl', '-sign', '-rawin', '-inkey', folder.at(key)],
    ...['-in', folder.at('x.update.img.manifest'), '-out', folder.at(signature)],
  ]);

describe('signing in two steps', () => {
  it('leaves an unsigned update and the bytes to sign, and takes signatures one by one', async () => {
    expect(await folder.makeUpdate('--detached', '--threshold', '2')).toMatchObject({
      signedBy: [],
    });
    expect(await inspect()).toMatchObject({ trusted: false, signatures: [] });
    await signElsewhere('a.pem', 'a.sig');
    await signElsewhere('b.pem', 'b.sig');
    const text = (await readFile(folder.at('b.sig'))).toString('base64');
    await writeFile(folder.at('b.sig'), `${text.slice(0, 40)}\n${text.slice(40)}\n`);

    const first = await folder.json(
      ...['attach', 'x.update.img', '--signature', 'a.sig', '--public-key', 'a.pub.pem'],
    );
    expect(first).toMatchObject({ exitCode: 0, attached: [folder.a], signedBy: [folder.a] });
    const second = await folder.json(
      ...['attach', 'x.update.img', '--signature', 'b.sig', 'a.sig'],
      ...['--public-key', 'a.pub.pem', 'b.pub.pem', '--output', 'both.update.img'],
    );
    expect(second).toMatchObject({
      attached: [folder.b, folder.a],
      signedBy: [folder.b, folder.a],
    });
    expect(await folder.json('inspect', 'both.update.img')).toMatchObject({ trusted: true });
    // The signed bytes are unchanged.
    expect(await inspect()).toMatchObject({ signatures: [{ keyId: folder.a, status: 'good' }] });
  });

  it('refuses a signature that is not by a given key over this update', async () => {
    await folder.makeUpdate('--detached');
    await signElsewhere('a.pem', 'a.sig');
    const before = await readFile(folder.at('x.update.img'));
    const attach = (signature: string, key: string) =>
      folder.json('attach', 'x.update.img', '--signature', signature, '--public-key', key);
    expect(await attach('a.sig', 'b.pub.pem')).toMatchObject({
      code: 'signature-invalid',
      exitCode: 5,
    });
    expect(await attach('none.sig', 'a.pub.pem')).toMatchObject({
      code: 'signature-unreadable',
      exitCode: 2,
    });
    expect(await attach('slot.ext4', 'a.pub.pem')).toMatchObject({ code: 'signature-unreadable' });
    expect(await readFile(folder.at('x.update.img'))).toEqual(before);
    await folder.makeUpdate('--detached', '--minimum-agent', '0.0.1');
    expect(await attach('a.sig', 'a.pub.pem')).toMatchObject({ code: 'signature-invalid' });
  });
});
