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

it('runs commands that load their code when it is needed', async () => {
  const agent = async (...args: string[]) => {
    const { stdout } = await run(process.execPath, [bundle, ...args, '--json'], {
      okExitCodes: [0, 1, 2],
      timeoutMs: 20_000,
    });
    return (JSON.parse(stdout) as { code?: string }).code;
  };
  expect(await agent('apply', join(directory, 'no-such-update.img'))).toBe('update-missing');
  for (const command of ['status', 'history']) {
    expect(await agent(command), command).not.toBe('internal');
  }
});

it('leaves no import to be done when it runs', async () => {
  const text = await readFile(bundle, 'utf8');
  // What is compiled later could not do it.
  expect([...text.matchAll(/\bimport\(\\?["'`]/g)]).toEqual([]);
});

it('is the same when built again', async () => {
  const again = join(directory, 'again.mjs');
  await buildAgent(again);
  expect(await readFile(again)).toEqual(await readFile(bundle));
});
