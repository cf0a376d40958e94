import { expect, test } from 'vitest';
import { run } from './run.ts';

test('an output that its file cannot store is a failure, even if the program did not notice', async () => {
  await expect(run('seq', ['1', '10'], { stdoutFile: '/dev/full' })).rejects.toMatchObject({
    code: 'disk-full',
  });
});

test('a log that cannot be written is not a failure', async () => {
  const result = await run('seq', ['1', '3'], { logFile: '/dev/full', onLine: () => {} });
  expect(result.stdout).toBe('1\n2\n3\n');
});
