import { run } from '@micro-linux/core';
import { expect, it } from 'vitest';
import { findTool, toolPath } from '../host/tool-path.ts';
import { testConfig } from '../jobs/build/testing.ts';
import { checkSudoRules } from './check-sudo-rules.ts';

const PATH = process.env['PATH'];
const visudo = await findTool('visudo', toolPath(PATH));

async function check(text: string, path = PATH) {
  const config = await testConfig();
  const sudo = { kind: 'file', path: '/product/rules', text } as const;
  await checkSudoRules({ ...config, user: { ...config.user, sudo } }, run, path);
}

it.skipIf(visudo === undefined)(
  'refuses rules that visudo refuses, and names their file',
  async () => {
    await check('micro ALL=(root) NOPASSWD: /usr/bin/id\n');
    await expect(check('micro ALL=(root NOPASSWD /usr/bin/id\n')).rejects.toMatchObject({
      code: 'sudo-rules-invalid',
      message: 'sudo does not accept the rules in /product/rules',
      why: expect.stringContaining(':1:'),
    });
  },
);
