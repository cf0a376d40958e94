import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UpdateFolder, updateFolder } from './update-folder.ts';

let folder: UpdateFolder;
beforeAll(async () => {
  folder = await updateFolder();
});
afterAll(() => folder.remove());

describe('keygen', () => {
  it('prints the id of the key, and how to name it in the config', async () => {
    const { stdout } = await folder.cli('keygen', 'c.pem');
    expect(stdout).toMatch(/^key id [0-9a-f]{32}\n/);
    expect(stdout).toContain('trustedKeys: [c.pub.pem]');
    expect((await stat(folder.at('c.pem'))).mode & 0o777).toBe(0o600);
  });

  it('never replaces a key', async () => {
    const before = await readFile(folder.at('a.pem'), 'utf8');
    expect(await folder.json('keygen', 'a.pem')).toMatchObject({ code: 'key-exists', exitCode: 2 });
    expect(await readFile(folder.at('a.pem'), 'utf8')).toBe(before);
  });
});
