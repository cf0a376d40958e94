import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAgent } from '../build.ts';
import packageInfo from '../package.json' with { type: 'json' };

let directory = '';
let bundle = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ota-agent-bundle-'));
  bundle = join(directory, 'ota-agent.mjs');
  await buildAgent(bundle);
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

it('is small, and loads none of Node’s modules at start', async () => {
  const text = await readFile(bundle, 'utf8');
  expect(text.length).toBeLessThan(1.5 * 1024 * 1024);
  expect(/\bimport\b[^;]*\bfrom\s*["']/.test(text)).toBe(false);
});

it('runs without node_modules', async () => {
  const agent = (...args: string[]) =>
    run(process.execPath, [bundle, ...args], { okExitCodes: [0, 1, 2] });
  expect((await agent('--version')).stdout).toBe(`${packageInfo.version}\n`);
  expect((await agent('--help')).stdout).toContain('mark-boot');
  const status = await agent('status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ schema: 1 });
});

it('is the same when built again', async () => {
  const again = join(directory, 'again.mjs');
  await buildAgent(again);
  expect(await readFile(again)).toEqual(await readFile(bundle));
});
