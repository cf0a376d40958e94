import { expect, test } from 'vitest';
import { run } from './run.ts';
import { start } from './start.ts';

test('a program that exits by itself reports its status and standard error', async () => {
  const program = await start('sh', ['-c', 'echo oops >&2; exit 3'], { terminal: 'none' });
  await expect(program.exited).resolves.toMatchObject({ exitCode: 3, stderr: 'oops\n' });
});

test('kill stops a program that ignores SIGTERM', async () => {
  const program = await start('sh', ['-c', "trap '' TERM; while :; do sleep 0.1; done"], {
    terminal: 'none',
  });
  await expect(program.kill()).resolves.toMatchObject({ exitCode: undefined });
});

test('aborting the signal stops the program, and its exit still resolves', async () => {
  const controller = new AbortController();
  const program = await start('sleep', ['60'], { terminal: 'none', signal: controller.signal });
  controller.abort();
  await expect(program.exited).resolves.toMatchObject({ signal: 'SIGTERM' });
});

test('a program that is not installed is tool-missing', async () => {
  await expect(start('no-such-program-here', [], { terminal: 'none' })).rejects.toMatchObject({
    code: 'tool-missing',
  });
});

test('a program with pipes answers its input, and ends when the input ends', async () => {
  const program = await start('cat', [], { terminal: 'pipes' });
  program.pipes?.stdin.end('hello');
  expect(await program.pipes?.stdout.toArray()).toEqual([Buffer.from('hello')]);
  await expect(program.exited).resolves.toMatchObject({ exitCode: 0 });
});

test.each([
  ['start', () => start('/etc/passwd', ['a b'], { terminal: 'none' })],
  ['run', () => run('/etc/passwd', ['a b'])],
])('%s says why the system does not start a program', async (_name, begin) => {
  await expect(begin()).rejects.toMatchObject({
    code: 'tool-failed',
    why: expect.stringMatching(/EACCES[\s\S]*command: \/etc\/passwd 'a b'/),
    hint: expect.stringContaining('ls -l'),
  });
});
