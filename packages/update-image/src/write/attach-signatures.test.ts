import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesIn } from '../../test/support/files-in.ts';
import { readAll } from '../../test/support/read-all.ts';
import { sampleUpdate, testKey, trusting } from '../../test/support/sample-update.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { fileSource } from '../sources/file-source.ts';
import { verifyHead } from '../verify/verify-head.ts';
import { attachSignatures } from './attach-signatures.ts';
import { signManifest } from './sign-manifest.ts';

const [first, second] = [testKey(), testKey()];

test('signing in two steps gives the same update as signing at once', async () => {
  const atOnce = await sampleUpdate(scratchDirectory(), [first, second]);
  const directory = scratchDirectory();
  const { file, manifestBytes } = await sampleUpdate(directory, []);
  for (const { privateKey } of [first, second]) {
    const signatures = [signManifest(manifestBytes, privateKey.key)];
    await attachSignatures({ update: file, output: file, signatures });
  }
  expect(readFileSync(file).equals(atOnce.bytes)).toBe(true);
  expect(filesIn(directory)).toEqual(['payload', 'slot.img', 'update.img']);
});

test('leaves the input update unchanged if the output is another file', async () => {
  const directory = scratchDirectory();
  const update = await sampleUpdate(directory, [first]);
  const output = join(directory, 'signed.img');
  const signatures = [signManifest(update.manifestBytes, second.privateKey.key)];
  await attachSignatures({ update: update.file, output, signatures });
  expect(readFileSync(update.file).equals(update.bytes)).toBe(true);

  const source = await fileSource(output);
  const { head, image } = await readAll(source);
  await source.close();
  expect(image.equals(update.image)).toBe(true);
  const trust = { ...trusting(first, second), threshold: 2 };
  expect(verifyHead(head, trust)).toEqual([first.keyId, second.keyId]);
});

test('replaces an old signature by the same key', async () => {
  const update = await sampleUpdate(scratchDirectory(), [first, second]);
  const signature = { ...signManifest(Buffer.from('other'), first.privateKey.key) };
  const options = { update: update.file, output: update.file };
  await attachSignatures({ ...options, signatures: [signature] });
  const spoilt = await fileSource(update.file);
  const { head } = await readAll(spoilt);
  await spoilt.close();
  expect(head.signatures.map(({ keyId }) => keyId)).toEqual([second.keyId, first.keyId]);
  expect((await thrownBy(() => verifyHead(head, trusting(first)))).code).toBe('signature-invalid');
});

test('leaves a truncated update, or a file that is not one, unchanged', async () => {
  const directory = scratchDirectory();
  const { file, manifestBytes } = await sampleUpdate(directory, []);
  const signatures = [signManifest(manifestBytes, first.privateKey.key)];
  const attach = () => attachSignatures({ update: file, output: file, signatures });
  truncateSync(file, 10_000);
  expect((await thrownBy(attach)).code).toBe('update-truncated');
  writeFileSync(file, 'no update at all');
  expect((await thrownBy(attach)).code).toBe('not-an-update');
  expect(readFileSync(file, 'utf8')).toBe('no update at all');
  expect(filesIn(directory)).toEqual(['payload', 'slot.img', 'update.img']);
});
