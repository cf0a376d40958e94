import { join } from 'node:path';
import { CREDENTIALS_FILE } from '../../output/directories.ts';

/**
 * The lines that say where to find a new password. They contain the password only if
 * `mayShowSecrets`, because output to a pipe may end up in a log.
 */
export function passwordLines(
  password: string,
  options: { readonly artifacts: string; readonly mayShowSecrets: boolean },
): readonly string[] {
  const file = join(options.artifacts, CREDENTIALS_FILE);
  return options.mayShowSecrets
    ? [`password (shown once): ${password}`, `  also in ${file}, which only you may read`]
    : [`  the new password is in ${file}, which only you may read`];
}
