import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTool, toolPath } from '../host/tool-path.ts';
import { testConfig } from '../jobs/build/testing.ts';
import { checkSudoRules } from './check-sudo-rules.ts';

const PATH = process.env['PATH'];
const visudo = await findTool('visudo', toolPath(PATH));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sudo-rules-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(text: string) {
  const path = join(folder, 'rules');
  await writeFile(path, text);
  const { user } = await testConfig();
  const sudo = { kind: 'file', path, text } as const;
  await checkSudoRules({ user: { ...user, sudo }, users: [] }, run, PATH);
}

it.skipIf(visudo === undefined)(
  'refuses rules that visudo refuses, and names their file',
  async () => {
    await check('micro ALL=(root) NOPASSWD: /usr/bin/id\n');
    await expect(check('micro ALL=(root NOPASSWD /usr/bin/id\n')).rejects.toMatchObject({
      code: 'sudo-rules-invalid',
      message: `sudo does not accept the rules in ${join(folder, 'rules')}`,
      why: expect.stringContaining(':1:'),
    });
  },
);
