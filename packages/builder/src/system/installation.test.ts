import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isCheckout, ownCall, withCall } from './installation.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'installation-'));
});
afterEach(() => rm(root, { recursive: true }));

test('a checkout contains the launcher', async () => {
  expect(isCheckout(root)).toBe(false);
  expect(ownCall(root, {})).toBe('micro-linux');
  expect(ownCall(root, { npm_command: 'exec' })).toBe('npx micro-linux');
  await writeFile(join(root, 'micro-linux'), '');
  expect(ownCall(root, { npm_command: 'exec' })).toBe('./micro-linux');
});

test.each([
  ['try: ./micro-linux build --fresh', 'try: npx micro-linux build --fresh'],
  ['`./micro-linux`, "./micro-linux vm"', '`npx micro-linux`, "npx micro-linux vm"'],
  ['./micro-linux.yaml ../micro-linux /a/./micro-linux ./micro-linux-x', undefined],
])('%j has the call of the user', (text, expected) => {
  expect(withCall(text, 'npx micro-linux')).toBe(expected ?? text);
});
