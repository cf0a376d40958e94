import { expect, test } from 'vitest';
import { run } from './run.ts';

test('an output that its file does not take is no success, though the program saw none of it', async () => {
  await expect(run('seq', ['1', '10'], { stdoutFile: '/dev/full' })).rejects.toMatchObject({
    code: 'disk-full',
  });
});

test('a log that cannot be written is no failure', async () => {
  const result = await run('seq', ['1', '3'], { logFile: '/dev/full', onLine: () => {} });
  expect(result.stdout).toBe('1\n2\n3\n');
});
