import { run } from '@micro-linux/core';
import { expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { toolPath } from '../../host/tool-path.ts';
import type { StepContext } from '../../plan/step.ts';
import { accountChecks } from './account-checks.ts';

/** This host's own root stands for the tree of an image. */
async function check(shell: string) {
  const users = [{ name: 'alice', id: 2001, shell }];
  const config = await loadConfig({ text: JSON.stringify({ users }), env: {}, flags: [] });
  const context = {
    run: (file: string, args: readonly string[], options: object) =>
      run(file, args, { ...options, env: { PATH: toolPath(process.env['PATH']) } }),
  } as unknown as StepContext;
  await accountChecks(config).run('/', context);
}

it('accepts a shell that the image has', async () => {
  await check('/bin/sh');
});

it('refuses a shell that the image does not have, and names its users', async () => {
  await expect(check('/usr/bin/no-such-shell')).rejects.toMatchObject({
    code: 'shell-missing',
    message: 'the image does not have the shell /usr/bin/no-such-shell',
    hint: expect.stringContaining('for alice'),
  });
});

it('runs nothing for a config without users', async () => {
  const config = await loadConfig({ text: '', env: {}, flags: [] });
  expect(accountChecks(config).describe('/tree')).toEqual([]);
});
