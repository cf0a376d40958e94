import { ExitCode, MicroLinuxError } from '@micro-linux/core';

/** The error for a file that differs from the medium's list. */
export function damaged(path: string, why: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'medium-damaged',
    message: `${path} of the installation medium is damaged`,
    why,
    hint: 'write the medium again, or use another one',
    exitCode: ExitCode.rejected,
    ...(cause === undefined ? {} : { cause }),
  });
}
