import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { outputProblem } from '../../cli/json/outputs.ts';
import { runCli } from '../../cli.ts';
import { loadConfig } from '../../config/load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function config(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runCli({
    argv: ['config', ...argv],
    streams: { stdout, stderr: Object.assign(stderr, { isTTY: false }) as never },
    ...{ env, cwd: folder, root: folder, version: '0', interactive: false },
    signal: new AbortController().signal,
  });
  return { exitCode, text: String(stdout.read() ?? ''), said: String(stderr.read() ?? '') };
}

async function writeProduct(): Promise<void> {
  await mkdir(join(folder, 'gateway'));
  await writeFile(
    join(folder, 'base.yaml'),
    'profile: bookworm\nkeyring: keys/a.gpg\npackages: {add: [curl]}\n',
  );
  await writeFile(
    join(folder, 'gateway/micro-linux.yaml'),
    [
      'extends: ../base.yaml',
      'packages:',
      '  add: [nginx]',
      'user:',
      `  password: '${HASHES[0]}'`,
      `  sshKeys: [${KEYS[0]}]`,
      'update: {signCommand: "sign --pin 1234", signingPublicKey: hsm.pem}',
      'install: {lateCommands: [curl -u ops:hunter2 http://a.example]}',
      'variants:',
      '  lab: {hostname: lab}',
    ].join('\n'),
  );
}

test('prints every value with its origin', async () => {
  await writeProduct();
  const args = ['--config', 'gateway/micro-linux.yaml', '--variant', 'lab', '--timezone', 'UTC'];
  const { exitCode, text, said } = await config(args, { SIZE_GB: '9' });
  expect(exitCode).toBe(0);
  expect(said).toContain('config: gateway/micro-linux.yaml, variant lab, extends base.yaml');
  for (const line of [
    'profile: bookworm # base.yaml:1',
    'version: 0.1.0 # default',
    `keyring: ${join(folder, 'keys/a.gpg')} # base.yaml:2`,
    '    - curl # base.yaml:3',
    '    - nginx # gateway/micro-linux.yaml:3',
    '  remove: [] # default',
    'hostname: lab # gateway/micro-linux.yaml:10, variant lab',
    '  password: (set, not shown) # gateway/micro-linux.yaml:5',
    `    - ${KEYS[0]} # gateway/micro-linux.yaml:6`,
    '  size: 9G # variable SIZE_GB',
    'timezone: UTC # flag --timezone',
    '  signCommand: (set, not shown) # gateway/micro-linux.yaml:7',
    `  signingPublicKey: ${join(folder, 'gateway/hsm.pem')} # gateway/micro-linux.yaml:7`,
    '  lateCommands: (set, not shown) # gateway/micro-linux.yaml:8',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('prints the same as JSON, without secrets', async () => {
  await writeProduct();
  const args = ['--config', 'gateway/micro-linux.yaml', '--json'];
  const { exitCode, text } = await config(args);
  const output = JSON.parse(text) as { readonly values: object[] };
  expect(outputProblem('config', output, exitCode)).toBeUndefined();
  expect(output).toMatchObject({
    config: join(folder, 'gateway/micro-linux.yaml'),
    ...{ extends: [join(folder, 'base.yaml')], variant: null },
  });
  expect(output.values).toContainEqual({
    ...{ key: 'user.password', value: null, hidden: true },
    origin: { kind: 'file', file: 'gateway/micro-linux.yaml', line: 5, column: 13 },
  });
  expect(output.values).toContainEqual({
    ...{ key: 'hostname', value: 'micro-linux', origin: { kind: 'default' } },
  });
  for (const secret of ['1234', 'hunter2', HASHES[0]]) {
    expect(text).not.toContain(secret);
  }
});

test('what it prints is the same configuration as one file', async () => {
  await writeFile(
    join(folder, 'micro-linux.yaml'),
    'profile: trixie\nmirror: http://mirror.example/debian\nkernel: {arguments: quiet nosmt}\nnetwork: {kind: static, interface: eth0, address: 192.0.2.5, prefix: 24}\n',
  );
  const sources = { env: {}, flags: [], cwd: folder };
  const { text } = await config([]);
  expect(await loadConfig({ ...sources, text })).toEqual(await loadConfig(sources));
});

test('checks the file', async () => {
  await writeFile(join(folder, 'micro-linux.yaml'), 'hostnam: a\n');
  const { exitCode, text, said } = await config([]);
  expect({ exitCode, text }).toEqual({ exitCode: 2, text: '' });
  expect(said).toContain('micro-linux.yaml:1:1: hostnam: is not a known key');
});
