import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { requireTools } from './missing-tools.ts';
import { findTool, toolPath } from './tool-path.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-tools-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('appends the sbin directories that an ordinary PATH lacks', () => {
  expect(toolPath('/usr/bin:/bin')).toBe('/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin');
});

it('adds no directory twice', () => {
  expect(toolPath('/usr/sbin:/usr/bin:/sbin')).toBe('/usr/sbin:/usr/bin:/sbin:/usr/local/sbin');
});

it('does not treat a non-executable file as a program', async () => {
  const file = join(directory, 'sfdisk');
  await writeFile(file, '');
  await chmod(file, 0o644);
  expect(await findTool('sfdisk', directory)).toBeUndefined();

  await chmod(file, 0o755);
  expect(await findTool('sfdisk', directory)).toBe(file);
});

it('never looks for programs in the working directory', async () => {
  await writeFile(join(directory, 'sfdisk'), '', { mode: 0o755 });

  expect(await findTool('sfdisk', relative(process.cwd(), directory))).toBeUndefined();
});

it('names all missing programs, and their packages, at once', async () => {
  await expect(
    requireTools(['sh', 'no-such-program', '/usr/lib/grub/no-such-file'], '/usr/bin:/bin'),
  ).rejects.toMatchObject({
    code: 'host-packages-missing',
    message: 'not installed on this host: no-such-program, /usr/lib/grub/no-such-file',
    hint: './micro-linux setup-host',
  });
});
