import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, stageFile, writeWhole } from './replace-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
  path = join(folder, 'file');
  writeFileSync(path, 'old', { mode: 0o640 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const content = () => readFileSync(path, 'utf8');
const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('a file that is replaced', () => {
  it('has the new content, and no other file is left', async () => {
    await writeWhole(path, 'new');
    expect(content()).toBe('new');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.each([0o600, 0o644, 0o666])('has the mode %o, whatever the umask', async (mode) => {
    const umask = process.umask(0o077);
    try {
      await replaceFile(path, async (partial) => {
        await writeWhole(partial, 'x', { mode });
        expect(modeOf(partial)).toBe(mode);
      });
    } finally {
      process.umask(umask);
    }
    expect(modeOf(path)).toBe(mode);
  });

  it('is unchanged if the new one cannot be written', async () => {
    const failing = replaceFile(path, async (partial) => {
      await writeFile(partial, 'half');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(content()).toBe('old');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('is unchanged after a signal', async () => {
    const controller = new AbortController();
    const replacing = replaceFile(
      path,
      async (partial) => {
        await writeFile(partial, 'new');
        controller.abort(new Error('cancelled'));
      },
      { signal: controller.signal },
    );
    await expect(replacing).rejects.toThrow('cancelled');
    expect(content()).toBe('old');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('that cannot be replaced leaves no other file', async () => {
    const other = join(folder, 'folder');
    mkdirSync(join(other, 'full'), { recursive: true });
    await expect(writeWhole(other, 'new')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder']);
  });

  it('is not written through a leftover that is a link', async () => {
    const partial = join(folder, 'file.new');
    symlinkSync('/dev/full', partial);
    await writeWhole(path, 'new', { partial, mode: 0o600 });
    expect(content()).toBe('new');
    expect(modeOf(path)).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});

it('a staged file appears by commit, and not after discard', async () => {
  const staged = await stageFile(path, (partial) => writeFile(partial, 'new'));
  expect(content()).toBe('old');
  await staged.commit();
  expect(content()).toBe('new');
  const dropped = await stageFile(path, (partial) => writeFile(partial, 'newer'));
  await dropped.discard();
  expect(content()).toBe('new');
  expect(readdirSync(folder)).toEqual(['file']);
});
