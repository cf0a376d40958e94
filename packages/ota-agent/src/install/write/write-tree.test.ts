import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeTree } from './write-tree.ts';

test('files, directories and links with their modes', async () => {
  const root = mkdtempSync(join(tmpdir(), 'write-tree-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  await writeTree(root, [
    { kind: 'directory', path: '/etc', mode: 0o750, ...own },
    { kind: 'file', path: '/etc/shadow', mode: 0o640, content: 'x\n', ...own },
    { kind: 'file', path: '/etc/copy', content: { from: join(root, 'etc/shadow') }, ...own },
    { kind: 'link', path: '/etc/localtime', target: '/usr/share/zoneinfo/UTC', ...own },
  ]);
  const mode = (path: string) => lstatSync(join(root, path)).mode & 0o7777;
  expect(mode('etc')).toBe(0o750);
  expect(mode('etc/shadow')).toBe(0o640);
  expect(mode('etc/copy')).toBe(0o644);
  expect(readFileSync(join(root, 'etc/copy'), 'utf8')).toBe('x\n');
  expect(readlinkSync(join(root, 'etc/localtime'))).toBe('/usr/share/zoneinfo/UTC');
});
