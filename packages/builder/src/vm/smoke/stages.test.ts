import { MicroLinuxError } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { StageFailed, Stages } from './stages.ts';

const failing = (code: string) => async () => {
  throw new MicroLinuxError({ code, message: 'no prompt', why: 'the last lines' });
};

test('a passed stage has its duration, and stages not reached are skipped', async () => {
  const stages = new Stages();
  await expect(stages.run('login', async () => 7, Date.now() - 31_000)).resolves.toBe(7);
  expect(stages.seconds('login')).toBe(31);
  expect(stages.results('login', 'ssh')).toMatchObject([
    { id: 'login-prompt', status: 'pass', note: '31 s' },
    { id: 'ssh-login', status: 'skip' },
  ]);
});

test("a stage that fails is a failed check with the machine's own complaints", async () => {
  const stages = new Stages(() => ['console: [FAILED] ssh.service']);
  await expect(stages.run('ssh', failing('ssh-unreachable'))).rejects.toThrow(StageFailed);
  expect(stages.results('ssh')).toMatchObject([
    { status: 'fail', note: 'no prompt\nthe last lines\nconsole: [FAILED] ssh.service' },
  ]);
  expect(stages.seconds('ssh')).toBeUndefined();
});

test.each(['cancelled', 'tool-missing'])(
  'does not report %s as a failure of the image',
  async (code) => {
    await expect(new Stages().run('login', failing(code))).rejects.toMatchObject({ code });
  },
);
