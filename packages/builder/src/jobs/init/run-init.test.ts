import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { outputProblem } from '../../cli/json/outputs.ts';
import { runCli } from '../../cli.ts';
import { exampleNames } from './examples.ts';

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
  expect(JSON.stringify(jobs.build.steps.at(-1))).toContain('!artifacts/*_*/credentials.txt');
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

describe('--example', () => {
  const ALWAYS = ['.github/workflows/build.yml', '.gitignore', 'README.md', 'micro-linux.yaml'];

  test.each(exampleNames())('%s is copied as a project with names of its own', async (example) => {
    const args = ['init', 'Acme 2', '--example', example, '--user', 'ops'];
    const { exitCode, text, said } = await cli([...args, '--json']);
    expect(exitCode, said).toBe(0);
    const output = JSON.parse(text) as { readonly files: readonly string[] };
    expect(outputProblem('init', output, exitCode)).toBeUndefined();
    expect(output.files).toEqual(expect.arrayContaining(ALWAYS));
    const original = join(import.meta.dirname, '../../../../../examples', example);
    for (const path of output.files.filter((name) => !ALWAYS.includes(name))) {
      const [copy, source] = [join(folder, 'Acme 2', path), join(original, path)];
      expect(await readFile(copy), path).toEqual(await readFile(source));
      expect((await stat(copy)).mode & 0o111, path).toBe((await stat(source)).mode & 0o111);
    }
    expect(await read('Acme 2/.gitignore')).toContain('!/keys/*.pub.pem');
    const config = parse(await read('Acme 2/micro-linux.yaml')) as Readonly<
      Record<string, unknown>
    >;
    expect(config).toMatchObject({ compatible: 'acme-2', user: { name: 'ops' } });
    expect(config['hostname']).toMatch(/^acme-2$|\{/);
  });

  test('comments and spacing of the config stay', async () => {
    await cli(['init', 'acme', '--example', 'gateway']);
    const original = await readFile(
      join(import.meta.dirname, '../../../../../examples/gateway/micro-linux.yaml'),
      'utf8',
    );
    expect(await read('acme/micro-linux.yaml')).toBe(
      original
        .replace('compatible: example-gateway', 'compatible: acme')
        .replace('hostname: gateway', 'hostname: acme'),
    );
  });

  test('the gateway makes its package outside of the checkout, and is then valid', async () => {
    const { text } = await cli(['init', 'acme', '--example', 'gateway']);
    expect(text).toContain('  cd acme\n  ./build-app.sh\n  ./micro-linux config\n');
    await run(join(folder, 'acme/build-app.sh'), []);
    const { stdout } = await run('dpkg-deb', ['-f', join(folder, 'acme/packages/gateway.deb')]);
    expect(stdout).toContain('Version: 1.0.0\n');
    const config = await cli(['config', '--json'], join(folder, 'acme'));
    expect(config.exitCode, config.said).toBe(0);
  });

  test('never replaces a file', async () => {
    await writeFile(join(folder, 'firewall.nft'), 'mine');
    const { exitCode, said } = await cli(['init', '--example', 'gateway']);
    expect({ exitCode, entries: await readdir(folder) }).toEqual({
      ...{ exitCode: 2, entries: ['firewall.nft'] },
    });
    expect(said).toContain('already has firewall.nft');
  });

  test('one that does not exist is refused with the list', async () => {
    const { exitCode, said } = await cli(['init', '--example', 'router']);
    expect({ exitCode, entries: await readdir(folder) }).toEqual({ exitCode: 2, entries: [] });
    expect(said).toContain(`Allowed choices are ${exampleNames().join(', ')}`);
  });
});

test('a name that YAML reads as a number is a text of the config', async () => {
  for (const example of [[], ['--example', 'gateway']]) {
    await cli(['init', 'p', '--name', '2024', ...example]);
    expect(parse(await read('p/micro-linux.yaml'))).toMatchObject({ hostname: '2024' });
    await rm(join(folder, 'p'), { recursive: true });
  }
});
