import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import packageInfo from '../package.json' with { type: 'json' };
import { buildAgent, bundleProgram } from './build-agent.ts';
import { codeCachePath, sourceDigest } from './compiled-later.ts';

let directory = '';
let bundle = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ota-agent-bundle-'));
  bundle = join(directory, 'ota-agent.mjs');
  await buildAgent({ output: bundle });
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

it('is small, and loads no Node modules at start', async () => {
  const text = await readFile(bundle, 'utf8');
  expect(text.length).toBeLessThan(1.5 * 1024 * 1024);
  expect(/\bimport\b[^;]*\bfrom\s*["']/.test(text)).toBe(false);
});

it('runs without node_modules', async () => {
  const agent = (...args: string[]) =>
    run(process.execPath, [bundle, ...args], { okExitCodes: [0, 1, 2] });
  expect((await agent('--version')).stdout).toBe(`${packageInfo.version}\n`);
  expect((await agent('--help')).stdout).toContain('mark-boot');
  expect((await agent('completion', 'fish')).stdout).toContain('complete -c ota-agent ');
  const status = await agent('status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ schema: 1 });
});

it('runs commands that load their code on demand', async () => {
  const agent = async (...args: string[]) => {
    const { stdout } = await run(process.execPath, [bundle, ...args, '--json'], {
      okExitCodes: [0, 1, 2],
    });
    return (JSON.parse(stdout) as { code?: string }).code;
  };
  expect(await agent('apply', join(directory, 'no-such-update.img'))).toBe('update-missing');
  for (const command of ['status', 'history']) {
    expect(await agent(command), command).not.toBe('internal');
  }
});

it('reports a result that cannot be written, and is silent when the reader has closed the pipe', async () => {
  const shell = (line: string) =>
    run('/bin/bash', ['-c', line, process.execPath, bundle], { okExitCodes: [0, 1, 2] });
  const full = await shell('"$0" "$1" --help >/dev/full');
  expect(full.exitCode).toBe(1);
  expect(full.stderr).toContain('error[output-unwritable]');
  expect(full.stderr).not.toMatch(/\n {4}at /);
  const gone = await shell('"$0" "$1" --help | true; exit $PIPESTATUS');
  expect(gone).toMatchObject({ exitCode: 0, stderr: '' });
});

// Node needs some 22 open files to start; beyond that the agent reaches the limit at some file.
it('names the limit when too many files are open, wherever it meets it', async () => {
  const script = 'ulimit -n "$2"; exec "$0" "$1" "$3" --json';
  let limited = 0;
  for (let files = 20; files < 26; files += 1) {
    const { stdout } = await run(
      '/bin/bash',
      ['-c', script, process.execPath, bundle, String(files), 'history'],
      // 133 and 134: exit statuses of Node, which cannot start with so few.
      { okExitCodes: [0, 1, 133, 134] },
    );
    if (stdout.includes('EMFILE')) {
      limited += 1;
      expect(JSON.parse(stdout)).toMatchObject({
        code: 'state-unreadable',
        hint: 'ulimit -n 65536',
      });
    }
  }
  expect(limited).toBeGreaterThan(0);
});

it('has no imports left at run time', async () => {
  const text = await readFile(bundle, 'utf8');
  // Code that is compiled later cannot import.
  expect([...text.matchAll(/\bimport\(\\?["'`]/g)]).toEqual([]);
});

it('has a code cache that V8 accepts', async () => {
  const source = await bundleProgram();
  const cache = await readFile(codeCachePath(bundle));
  expect(cache.subarray(0, 32)).toEqual(sourceDigest(source));
  const cachedData = cache.subarray(32);
  expect(new Script(source, { cachedData }).cachedDataRejected).toBe(false);
});

it.each([
  ['none', () => undefined],
  ['that of another program', (cache: Buffer) => cache.fill(0, 0, 1)],
  ['its own, cut short', (cache: Buffer) => cache.subarray(0, 100)],
  ['its own, of another V8', (cache: Buffer) => cache.fill(0, 32, 48)],
])('runs with %s instead of its code cache', async (_, damage) => {
  const copy = join(directory, 'copy.mjs');
  await copyFile(bundle, copy);
  const cache = damage(await readFile(codeCachePath(bundle)));
  await (cache ? writeFile(codeCachePath(copy), cache) : rm(codeCachePath(copy), { force: true }));
  const { stdout } = await run(process.execPath, [copy, '--help']);
  expect(stdout).toContain('mark-boot');
});

it('is the same with and without a compile cache, which the launcher sets', async () => {
  const digests = new Set<string>();
  // The second build finds what the first one compiled.
  for (const cache of ['', join(directory, 'compiled'), join(directory, 'compiled')]) {
    vi.stubEnv('NODE_COMPILE_CACHE', cache);
    const output = join(directory, 'compiled.mjs');
    await buildAgent({ output });
    digests.add(sourceDigest(await readFile(codeCachePath(output), 'latin1')).toString('hex'));
  }
  vi.unstubAllEnvs();
  expect([...digests]).toHaveLength(1);
});

/** bench/agent-cache.sh tests the same while busy loops run. */
const BUILDS = Number(process.env['AGENT_BUILDS'] ?? 2);

it('is the same when built again', async () => {
  const digests = new Set<string>();
  for (let count = 0; count < BUILDS; count += 1) {
    const output = join(directory, 'again.mjs');
    await buildAgent({ output });
    const digest = createHash('sha256');
    for (const path of [output, codeCachePath(output)]) {
      digest.update(await readFile(path));
    }
    digests.add(digest.digest('hex'));
  }
  expect(BUILDS).toBeGreaterThan(1);
  expect([...digests]).toHaveLength(1);
});
