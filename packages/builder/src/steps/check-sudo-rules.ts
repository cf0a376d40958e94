import { ExitCode, MicroLinuxError, type Runner } from '@micro-linux/core';
import type { Config } from '../config/config.ts';
import { findTool, toolPath } from '../host/tool-path.ts';

/**
 * Checks files with sudo rules before anything is built, if this host has visudo. The image's own
 * checks them too (slot/account-checks.ts).
 *
 * @throws MicroLinuxError `sudo-rules-invalid`, exit code 2.
 */
export async function checkSudoRules(
  { user, users }: Pick<Config, 'user' | 'users'>,
  run: Runner,
  path: string | undefined,
): Promise<void> {
  const files = [user, ...users].flatMap(({ sudo }) => (sudo?.kind === 'file' ? [sudo] : []));
  const visudo = files.length === 0 ? undefined : await findTool('visudo', toolPath(path));
  for (const file of visudo === undefined ? [] : files) {
    const { exitCode, stdout, stderr } = await run(
      visudo ?? '',
      ['--check', `--file=${file.path}`],
      { okExitCodes: [0, 1] },
    );
    if (exitCode !== 0) {
      throw new MicroLinuxError({
        code: 'sudo-rules-invalid',
        message: `sudo does not accept the rules in ${file.path}`,
        why: `${stderr}${stdout}`.trim(),
        hint: `fix them: visudo --check --file=${file.path}`,
        exitCode: ExitCode.usage,
      });
    }
  }
}
