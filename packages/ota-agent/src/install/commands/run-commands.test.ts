import { expect, test, vi } from 'vitest';
import { testDevice } from '../../testing.ts';
import { runCommands } from './run-commands.ts';

test('runs texts by the shell and lists directly, in order, with the target in the environment', async () => {
  const { system } = testDevice();
  const log: string[] = [];
  await runCommands(
    system,
    'late-commands',
    ['echo "$TARGET_MOUNT_POINT"', ['/bin/echo', '$HOME', 'a b']],
    (text) => log.push(text.trim()),
  );
  expect(log).toEqual([
    'late-commands[0] begins',
    '/target',
    'late-commands[1] begins',
    '$HOME a b',
  ]);
});

test('stops at the first failure, with its output; its text is not shown', async () => {
  const { system } = testDevice();
  const log: string[] = [];
  await expect(
    runCommands(
      system,
      'early-commands',
      ['echo no disk; : secret; exit 3', 'echo never'],
      (text) => log.push(text),
    ),
  ).rejects.toMatchObject({
    code: 'install-command-failed',
    why: 'it ended with 3:\nno disk',
    message: expect.not.stringContaining('secret'),
  });
  expect(log.join()).not.toContain('never');
});

test('reports a missing program', async () => {
  const { system } = testDevice();
  await expect(
    runCommands(system, 'error-commands', [['/no/such/program']], () => undefined),
  ).rejects.toMatchObject({ code: 'install-command-failed' });
});

test('--verbose does not show the text of a command', async () => {
  const { system } = testDevice();
  const runGroup = vi.fn(system.runGroup);
  await runCommands({ ...system, runGroup }, 'late-commands', [': secret'], () => undefined);
  expect(runGroup.mock.calls).toEqual([
    ['/bin/sh', expect.anything(), expect.objectContaining({ isSecret: true })],
  ]);
});
