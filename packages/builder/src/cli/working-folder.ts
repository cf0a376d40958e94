import { ExitCode, MicroLinuxError } from '@micro-linux/core';

/**
 * The folder in which the command was run.
 *
 * @throws MicroLinuxError `folder-gone`, exit code 2.
 */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'folder-gone',
      message: 'the current folder does not exist any more',
      why: 'it was removed or renamed after the shell went there',
      hint: 'cd to a folder that exists, and run the command again',
      exitCode: ExitCode.usage,
      cause,
    });
  }
}
