import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type UpdateFolder, updateFolder } from './update-folder.ts';

let folder: UpdateFolder;
beforeAll(async () => {
  folder = await updateFolder();
});
afterAll(() => folder.remove());

/** A private key in the encodings in which it could leak. */
async function formsOf(file: string): Promise<readonly string[]> {
  const body = (await readFile(file, 'utf8')).split('\n')[1] ?? '';
  expect(body).toMatch(/^[A-Za-z0-9+/]{64}$/);
  // The last 32 of its 48 bytes are the secret (RFC 8410 §7).
  const secret = Buffer.from(body, 'base64').subarray(-32);
  // The secret begins in the middle of a base64 group: so look for its complete groups.
  return [body.slice(24), secret.toString('latin1'), secret.toString('hex')];
}

async function everythingBut(keyFile: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const entry of await readdir(folder.path, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && path !== keyFile) {
      texts.set(path, await readFile(path, 'latin1'));
    }
  }
  return texts;
}

it.each([
  ['a configured key', 'a.pem', ['--key', 'a.pem']],
  ['the development key', 'keys/development.pem', ['--config', 'keyless.yaml']],
])('%s stays in its file: no other file and no output contains it', async (_name, key, options) => {
  await writeFile(folder.at('keyless.yaml'), 'profile: bookworm\nupdate: {rollbackIndex: 3}\n');
  const outputs: string[] = [];
  for (const more of [[], ['--json'], ['--dry-run']]) {
    const { stdout, stderr } = await folder.cli(
      ...['update', '--slot-image', 'slot.ext4', '--output', 'x.update.img'],
      ...options,
      ...more,
    );
    outputs.push(stdout, stderr);
  }
  const texts = await everythingBut(folder.at(key));
  expect(texts.has(folder.at('x.update.img'))).toBe(true);
  for (const form of await formsOf(folder.at(key))) {
    expect(outputs.filter((text) => text.includes(form))).toEqual([]);
    expect([...texts].filter(([, text]) => text.includes(form)).map(([path]) => path)).toEqual([]);
  }
  await rm(folder.at('x.update.img'));
});
