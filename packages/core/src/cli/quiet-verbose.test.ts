import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import type { Reporter } from '../reporter/reporter.ts';
import { run } from '../run/run.ts';
import type { CommonOptions, ContextFactory } from './register-command.ts';
import { runProgram } from './run-program.ts';

interface Context {
  readonly reporter: Reporter;
}

/** A verb that reports in every way, and runs a command. */
function verb(name: string) {
  return (program: Command, context: ContextFactory<Context>) => {
    program
      .command(name)
      .option('--dry-run')
      .option('--fail')
      .action(async (options: CommonOptions & { readonly fail?: boolean }) => {
        const { reporter } = context(options);
        reporter.info('notice');
        const step = reporter.step('title');
        step.progress({ fraction: 0.5 });
        await run('true', ['\u001b[2J']);
        step.done();
        reporter.warn('careful');
        if (options.fail === true) {
          await run('false', []);
        }
        reporter.result('the result', { is: 'result' });
      });
  };
}

async function program(...argv: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runProgram<Context>({
    ...{ name: 'p', description: '', version: '1', call: 'p', argv },
    commands: [verb('make'), verb('show')],
    answers: new Set(['show']),
    streams: { stdout, stderr: Object.assign(stderr, { isTTY: false }) as never },
    context: (reporter) => ({ reporter }),
  });
  return {
    exitCode,
    stdout: String(stdout.read() ?? ''),
    stderr: String(stderr.read() ?? '').replaceAll(/\d\.\d s/g, 'N s'),
  };
}

test('without a flag, everything but commands is shown', async () => {
  expect(await program('make')).toEqual({
    exitCode: 0,
    stdout: 'the result\n',
    stderr: 'notice\ndone   title N s\nwarning: careful\n',
  });
});

test.each(['-q', '--quiet'])(
  '%s leaves warnings, errors, and a result that was asked for',
  async (flag) => {
    const only = 'warning: careful\n';
    expect(await program('make', flag)).toEqual({ exitCode: 0, stdout: '', stderr: only });
    expect(await program('show', flag)).toMatchObject({ stdout: 'the result\n', stderr: only });
    expect(await program('make', '--dry-run', flag)).toMatchObject({ stdout: 'the result\n' });
    expect(await program('make', flag, '--fail')).toMatchObject({
      ...{
        exitCode: 1,
        stdout: '',
        stderr: expect.stringMatching(/careful\nerror\[tool-failed\]/),
      },
    });
  },
);

test.each(['-v', '--verbose'])(
  '%s also shows commands, without control characters',
  async (flag) => {
    expect(await program('make', flag)).toEqual({
      exitCode: 0,
      stdout: 'the result\n',
      stderr: [
        ...[
          'notice',
          "$ true '\\x1b[2J'",
          '# true: N s',
          'done   title N s',
          'warning: careful',
          '',
        ],
      ].join('\n'),
    });
  },
);

test('neither changes the object of --json', async () => {
  const plain = await program('make', '--json');
  for (const flag of ['-q', '-v']) {
    expect((await program('make', '--json', flag)).stdout).toBe(plain.stdout);
  }
});

test('both at once are refused', async () => {
  const { exitCode, stderr } = await program('make', '-q', '-v');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^error\[usage\]: .*--verbose/);
});
