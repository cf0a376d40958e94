import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('signals that arrive while a process ends do not change its exit code', async () => {
  const program = join(import.meta.dirname, 'signalled-at-its-end.testdata.ts');
  const child = spawn(process.execPath, [program], { stdio: 'ignore' });
  expect(await once(child, 'close')).toEqual([7, null]);
});
