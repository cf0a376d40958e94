import { join } from 'node:path';
import { CREDENTIALS_FILE } from '../../output/credentials.ts';

/**
 * The lines that tell people how to get at a new password. The password itself is among them only
 * where `mayShowSecrets` holds: whatever a pipe collects ends up in a log.
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
