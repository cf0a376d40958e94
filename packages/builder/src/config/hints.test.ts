import { renderError, toMicroLinuxError } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { configFlags } from './flags.ts';
import { loadConfig } from './load.ts';

/** The error of a config, as people read it. */
async function told(text: string, flags: Record<string, unknown> = {}): Promise<string> {
  return loadConfig({ text, path: 'own.yaml', env: {}, flags: configFlags(flags), cwd: '/' }).then(
    () => 'no error',
    (thrown) => renderError(toMicroLinuxError(thrown)),
  );
}

test.each([
  ['a tab', 'profile: noble\n\thostname: x\n', 'indent with spaces'],
  ['an open bracket', 'profile: [noble\n', 'close each quote and bracket'],
  ['an escape', 'hostname: "a\\q"\n', 'use single quotes'],
  ['a character of YAML', 'hostname: @x\n', 'put the value in single quotes'],
  ['two documents', 'profile: noble\n---\nhostname: x\n', 'without the line ---'],
])('%s has a hint of its own', async (_what, text, hint) => {
  const error = await told(text);
  expect(error).toContain('error[config-syntax]');
  expect(error).toContain(hint);
});

test.each([
  ['disk:\n  size: 8\n', 'write 8G, or 8M'],
  ['disk:\n  size: 8589934593\n', 'write 8193M'],
  ['version: 1.2\n', 'write three numbers, such as 1.2.3 or 1.2.3-rc.1, in quotes'],
])('%j says at once what to write', async (text, fix) => {
  expect(await told(text)).toContain(fix);
});

test('a missing key file is not reported as a bad key', async () => {
  const error = await told('', { sshKey: ['./none.pub'] });
  expect(error).toContain('/none.pub does not exist');
});
