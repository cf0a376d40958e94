import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { commands } from './cli/commands/index.ts';
import { OUTPUTS, outputProblem } from './cli/json/outputs.ts';
import { runCli } from './cli.ts';

async function cli(...argv: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runCli({
    argv,
    streams: { stdout, stderr: Object.assign(stderr, { isTTY: false }) as never },
    env: {},
    cwd: '/nonexistent',
    root: '/nonexistent',
    version: '9.8.7',
    interactive: false,
    signal: new AbortController().signal,
  });
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  return { exitCode, stdout: text(stdout), stderr: text(stderr) };
}

describe('a command line with an error', () => {
  test.each([
    [['build', '--no-such-flag']],
    [['buidl']],
    [['keygen', 'one', 'two']],
    [['attach']],
    [['attach', 'x.img', '--public-key', 'k']],
    [['doctor', '--profile', 'jammy']],
    [['vm', '--port', 'many']],
    [['vm', '--uefi', '--secure-boot']],
    [['config', '--quiet', '--verbose']],
    [['build', '--artifacts', '-q']],
    [['completion']],
    [['completion', 'tcsh']],
    [['build', '--artifacts']],
    [['build', '--artifacts', '--fresh']],
    [['build', '--ssh-key']],
  ])('is one object with --json: %j', async (argv) => {
    const { exitCode, stdout, stderr } = await cli(...argv, '--json');
    expect(exitCode).toBe(2);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      ok: false,
      code: 'usage',
      exitCode: 2,
      message: expect.not.stringContaining('error:'),
      hint: expect.stringContaining('./micro-linux'),
    });
    expect(outputProblem(String(argv[0]), JSON.parse(stdout), exitCode)).toBeUndefined();
    const human = await cli(...argv);
    expect(human).toMatchObject({ exitCode: 2, stdout: '' });
    expect(human.stderr).toMatch(/^error\[usage\]: .*\n {2}try: .*\n$/);
  });

  test('suggests what was meant', async () => {
    expect((await cli('buidl')).stderr).toContain('did you mean build?');
    expect((await cli('build', '--image-versoin', '1')).stderr).toContain('--image-version?');
  });

  test('--json behind -- is not ours', async () => {
    expect((await cli('buidl', '--', '--json')).stdout).toBe('');
  });
});

describe('--version', () => {
  test('of the builder', async () => {
    expect(await cli('--version')).toMatchObject({ exitCode: 0, stdout: '9.8.7\n' });
    expect(await cli('-V')).toMatchObject({ exitCode: 0, stdout: '9.8.7\n' });
  });

  test.each([
    ...['build', 'rootfs', 'qcow2', 'seed', 'iso', 'update'].map((verb) => [verb, 'image-version']),
    ...['doctor', 'vm', 'inspect', 'keygen'].map((verb) => [verb, 'micro-linux --version']),
  ])('behind %s is refused, and %s named', async (verb, named) => {
    for (const flag of [['--version', '1.2.3'], ['--version=1.2.3'], ['-V']]) {
      const { exitCode, stdout, stderr } = await cli(String(verb), ...flag);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(named);
    }
  });

  test('every command has --json', async () => {
    expect(commands.length).toBeGreaterThan(10);
    const { stdout } = await cli('--help');
    const verbs = [...stdout.matchAll(/^ {2}([a-z][a-z0-9-]+) .*$/gm)].map(
      ([, verb]) => verb ?? '',
    );
    expect(verbs.filter((name) => name !== 'help').sort()).toEqual(Object.keys(OUTPUTS).sort());
    for (const verb of verbs.filter((name) => name !== 'help')) {
      expect((await cli(verb, '--help')).stdout, verb).toContain('--json');
    }
  });
});
