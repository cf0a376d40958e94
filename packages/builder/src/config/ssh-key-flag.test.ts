import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSshKeyFiles } from './ssh-key-flag.ts';

it('reads a file of more lines than a function takes arguments', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-key-flag-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lines = 128 * 1024;
  writeFileSync(join(folder, 'many.pub'), 'k\n'.repeat(lines));
  const read = await readSshKeyFiles(
    {
      path: ['user', 'sshKeys'],
      value: 'many.pub',
      how: 'replace',
      origin: { kind: 'flag', flag: '--ssh-key' },
    },
    folder,
  );
  expect(read.override.value).toHaveLength(lines);
});
