import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { INSTALL_TARGET, type InstallCommand } from '@micro-linux/provision';
import type { System } from '../../system/system.ts';

/** An installation may fail, but must not hang. */
const TIMEOUT_MS = 30 * 60_000;
const TAIL_BYTES = 65_536;

export type CommandStage = 'early-commands' | 'late-commands' | 'error-commands';

/**
 * Runs commands of a seed one after the other, as root, in the installer's system: a text through
 * the shell, a list directly.
 *
 * @param log receives their output.
 * @throws MicroLinuxError `install-command-failed` at the first one that fails; the rest are not
 *   run.
 */
export async function runCommands(
  system: System,
  stage: CommandStage,
  commands: readonly InstallCommand[],
  log: (text: string) => void,
): Promise<void> {
  for (const [index, command] of commands.entries()) {
    const [file, ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
    const name = `${stage}[${index}]`;
    log(`${name} begins`);
    const result = await system.runGroup(file ?? '', args, {
      timeoutMs: TIMEOUT_MS,
      tailBytes: TAIL_BYTES,
      isSecret: true,
      // The name that curtin uses for its hooks.
      env: { TARGET_MOUNT_POINT: INSTALL_TARGET },
    });
    log(result.output);
    if (result.exitCode !== 0) {
      throw new MicroLinuxError({
        code: 'install-command-failed',
        message: `${name} of the seed failed`,
        why: result.timedOut
          ? `it did not end within ${TIMEOUT_MS / 60_000} minutes`
          : (result.startError ??
            `it ended with ${result.exitCode ?? result.signal}:\n${result.output.trimEnd()}`),
        hint: 'fix the command in micro-linux.yaml and build the medium again',
        exitCode: ExitCode.failed,
      });
    }
  }
}
