import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HookConfig } from '../../config/hooks.ts';
import { readHooks } from './hook-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hook-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const SETTINGS = { arguments: [], network: false, timeoutSeconds: 600, inputs: [] };

const read = (hook: Partial<HookConfig> = {}) =>
  readHooks(
    { rootfs: [{ ...SETTINGS, script: join(folder, 'hook.sh'), ...hook }], image: [] },
    (path) => `product.yaml:${path.join('.')}`,
  );

const digestOf = async (hook?: Partial<HookConfig>) => (await read(hook)).rootfs[0]?.digest;

test('collects the script, executable, and its inputs by their names', async () => {
  await writeFile(join(folder, 'hook.sh'), '#!/bin/sh\n');
  await mkdir(join(folder, 'assets/deep'), { recursive: true });
  await writeFile(join(folder, 'assets/deep/tool'), 'x');
  await chmod(join(folder, 'assets/deep/tool'), 0o755);
  await writeFile(join(folder, 'one.txt'), 'x');
  const inputs = [join(folder, 'assets'), join(folder, 'one.txt')];
  const [hook] = (await read({ inputs })).rootfs;
  expect(hook?.files.map((file) => [file.path, file.kind === 'file' ? file.mode : 0])).toEqual([
    ['/hook.sh', 0o755],
    ['/inputs', 0],
    ['/inputs/assets', 0],
    ['/inputs/assets/deep', 0],
    ['/inputs/assets/deep/tool', 0o755],
    ['/inputs/one.txt', 0o644],
  ]);
});

test('the digest depends on the bytes of script and inputs', async () => {
  await writeFile(join(folder, 'hook.sh'), '#!/bin/sh\n');
  await writeFile(join(folder, 'one.txt'), 'x');
  const inputs = [join(folder, 'one.txt')];
  const before = await digestOf({ inputs });
  expect(await digestOf({ inputs })).toBe(before);
  expect(await digestOf()).not.toBe(before);
  await writeFile(join(folder, 'one.txt'), 'y');
  const after = await digestOf({ inputs });
  expect(after).not.toBe(before);
  await writeFile(join(folder, 'hook.sh'), '#!/bin/sh\ntrue\n');
  expect(await digestOf({ inputs })).not.toBe(after);
});

test.each<readonly [string, string | undefined, string]>([
  ['a missing script', undefined, 'hook.sh does not exist'],
  ['a script without #!', 'echo hello\n', 'hook.sh is neither a script with #! nor a program'],
  ['line ends of Windows', '#!/bin/sh\r\necho\r\n', 'ends its lines as Windows does'],
])('refuses %s, with the line that names it', async (_what, text, message) => {
  if (text !== undefined) {
    await writeFile(join(folder, 'hook.sh'), text);
  }
  const error = await read().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'hook-invalid', exitCode: 2 });
  expect(String(error)).toContain('product.yaml:hooks.rootfs.0: hooks.rootfs: ');
  expect(String(error)).toContain(message);
});

test('refuses a missing input, and two with the same name', async () => {
  await writeFile(join(folder, 'hook.sh'), '#!/bin/sh\n');
  const missing = [join(folder, 'none')];
  await expect(read({ inputs: missing })).rejects.toMatchObject({
    message: expect.stringContaining('none does not exist'),
  });
  for (const name of ['a', 'b']) {
    await mkdir(join(folder, name, 'x'), { recursive: true });
  }
  const same = [join(folder, 'a/x'), join(folder, 'b/x')];
  await expect(read({ inputs: same })).rejects.toMatchObject({
    message: expect.stringContaining('two inputs of hook.sh are named x'),
  });
});
