import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { noise } from '../../test/support/sample-image.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { fileSource } from './file-source.ts';

test('reads anywhere, with several reads at once', async () => {
  const path = join(scratchDirectory(), 'file');
  const bytes = noise('file', 100_000);
  writeFileSync(path, bytes);
  const source = await fileSource(path);
  expect(source).toMatchObject({ name: path, size: 100_000, seekable: true });
  await Promise.all(
    [90_000, 0, 50_000, 99_999].map(async (offset) => {
      const target = Buffer.alloc(Math.min(20_000, bytes.length - offset));
      await source.readAt(offset, target);
      expect(target.equals(bytes.subarray(offset, offset + target.length))).toBe(true);
    }),
  );
  expect((await thrownBy(() => source.readAt(99_999, Buffer.alloc(2)))).code).toBe(
    'update-truncated',
  );
  await source.close();
});

test('reports a missing file', async () => {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'file'), '');
  for (const name of ['missing', 'file/below']) {
    const error = await thrownBy(() => fileSource(join(directory, name)));
    expect(error).toMatchObject({ code: 'update-missing', exitCode: 1 });
  }
});

test('refuses a directory, or a pipe without a writer, at once', async () => {
  const directory = scratchDirectory();
  mkdirSync(join(directory, 'directory'));
  await run('mkfifo', [join(directory, 'pipe')]);
  for (const name of ['directory', 'pipe']) {
    const error = await thrownBy(() => fileSource(join(directory, name)));
    expect(error).toMatchObject({ code: 'update-unreadable', exitCode: 1 });
  }
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read is unreadable', async () => {
  const path = join(scratchDirectory(), 'file');
  writeFileSync(path, 'x');
  chmodSync(path, 0);
  expect((await thrownBy(() => fileSource(path))).code).toBe('update-unreadable');
});
