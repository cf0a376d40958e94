import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContextFactory } from './register-command.ts';
import { registerTest } from './test.ts';
import { registerVm } from './vm.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs one command line in an empty checkout. */
async function cli(...argv: string[]): Promise<void> {
  const quiet = () => {};
  const step = { progress: quiet, done: quiet, cached: quiet, failed: quiet };
  const context: ContextFactory = () => ({
    reporter: { info: quiet, warn: quiet, result: quiet, step: () => step },
    signal: new AbortController().signal,
    cwd: root,
    env: {},
    root,
    interactive: false,
    mayShowSecrets: false,
  });
  const program = new Command();
  for (const register of [registerVm, registerTest]) {
    register(program, context, quiet);
  }
  for (const command of program.commands) {
    command.option('--json').exitOverride().configureOutput({ writeErr: quiet });
  }
  await program.parseAsync(argv, { from: 'user' });
}

test.each([
  [['vm'], './micro-linux build'],
  [['vm', '--profile', 'noble', '--dry-run'], './micro-linux build --profile noble'],
  [['test', '--profile', 'trixie'], './micro-linux build --profile trixie'],
])('%j without an image names the command that builds one', async (argv, hint) => {
  await expect(cli(...argv)).rejects.toMatchObject({ code: 'image-missing', hint });
});

test.each([[['vm', '--json']], [['vm', '--json', '--ssh']]])(
  '%j has no result to print',
  async (argv) => {
    await expect(cli(...argv)).rejects.toMatchObject({ code: 'option-conflict', exitCode: 2 });
  },
);

test.each([
  [['vm', '--uefi', '--secure-boot'], 'commander.conflictingOption'],
  [['vm', '--port', '70000'], 'commander.invalidArgument'],
  [['vm', '--forward', '443'], 'commander.invalidArgument'],
  [['vm', '--forward', '0:443'], 'commander.invalidArgument'],
  [['vm', '--forward', '8443:443:22'], 'commander.invalidArgument'],
  [['vm', '--forward', '8443:443', '--forward', '8443:80'], 'commander.invalidArgument'],
  [['vm', '--memory', '1g'], 'commander.invalidArgument'],
  [['vm', '--accel', 'xen'], 'commander.invalidArgument'],
  [['test', '--firmware', 'bios,coreboot'], 'commander.invalidArgument'],
])('%j is refused', async (argv, code) => {
  await expect(cli(...argv)).rejects.toMatchObject({ code });
});
