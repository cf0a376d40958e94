import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { outputProblem } from '../../cli/json/outputs.ts';
import { runCli } from '../../cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-init-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function cli(argv: readonly string[], cwd = folder) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runCli({
    argv,
    streams: { stdout, stderr: Object.assign(stderr, { isTTY: false }) as never },
    ...{ env: {}, cwd, root: folder, version: '0', interactive: false },
    signal: new AbortController().signal,
  });
  return { exitCode, text: String(stdout.read() ?? ''), said: String(stderr.read() ?? '') };
}

const read = (path: string) => readFile(join(folder, path), 'utf8');

test('writes a project whose config is valid', async () => {
  const { exitCode, text } = await cli(['init', 'Acme Gateway']);
  expect(exitCode).toBe(0);
  expect(text).toContain("cd 'Acme Gateway'");
  expect((await readdir(join(folder, 'Acme Gateway'))).toSorted()).toEqual([
    ...['.github', '.gitignore', 'README.md', 'health', 'micro-linux.yaml', 'overlay', 'packages'],
  ]);
  const config = await cli(['config', '--json'], join(folder, 'Acme Gateway'));
  expect(config.exitCode, config.said).toBe(0);
  const { values } = JSON.parse(config.text) as { values: { key: string; value: unknown }[] };
  const shown = (name: string) => values.find(({ key }) => key === name)?.value;
  expect(['compatible', 'hostname', 'user.name'].map(shown)).toEqual([
    ...['acme-gateway', 'acme-gateway', 'micro'],
  ]);
});

test('names, a health check that runs, and no placeholder', async () => {
  const { exitCode, text } = await cli(['init', '--name', 'gate', '--user', 'ops', '--json']);
  const output = JSON.parse(text) as { readonly files: readonly string[] };
  expect(outputProblem('init', output, exitCode)).toBeUndefined();
  for (const file of output.files) {
    expect(await read(file), file).not.toMatch(/__NAME__|__USER__/);
  }
  expect(await read('micro-linux.yaml')).toMatch(/^compatible: gate\n(?:.*\n)* {2}name: ops\n/m);
  const check = output.files.find((file) => file.startsWith('health/')) ?? '';
  expect((await stat(join(folder, check))).mode & 0o111).toBe(0o111);
  expect(await read('.gitignore')).toContain('/keys/*');
});

test('the workflow builds, tests and keeps artifacts, but no password', async () => {
  await cli(['init']);
  const { jobs } = parse(await read('.github/workflows/build.yml')) as {
    readonly jobs: { readonly build: { readonly steps: readonly Record<string, unknown>[] } };
  };
  const commands = jobs.build.steps.map(({ run }) => run ?? '').join('\n');
  for (const verb of ['setup-host', 'build --key', 'test']) {
    expect(commands).toContain(`micro-linux ${verb}`);
  }
  expect(JSON.stringify(jobs.build.steps.at(-1))).toContain('!artifacts/credentials.txt');
});

test('never replaces a file, and then writes nothing', async () => {
  await mkdir(join(folder, 'p'));
  await writeFile(join(folder, 'p/README.md'), 'mine');
  const { exitCode, said } = await cli(['init', 'p']);
  expect(exitCode).toBe(2);
  expect(said).toContain('error[project-exists]');
  expect(said).toContain('already has README.md');
  expect(await readdir(join(folder, 'p'))).toEqual(['README.md']);
  expect(await read('p/README.md')).toBe('mine');
});

test('a folder that cannot be made is an error, and leaves nothing', async () => {
  await mkdir(join(folder, 'p'));
  await writeFile(join(folder, 'p/overlay'), 'a file');
  const { exitCode, said } = await cli(['init', 'p']);
  expect(exitCode).toBe(1);
  expect(said).toMatch(/overlay/);
  expect((await readdir(join(folder, 'p'), { recursive: true })).includes('README.md')).toBe(false);
});

test.each([
  [['--name', 'a b'], '--name'],
  [['--name', 'a_b'], '--name'],
  [['--user', 'root'], '--user'],
])('refuses %j', async (args, flag) => {
  const { exitCode, said } = await cli(['init', ...args]);
  expect({ exitCode, entries: await readdir(folder) }).toEqual({ exitCode: 2, entries: [] });
  expect(said).toContain(`error[project-name-invalid]: flag ${flag}`);
});
