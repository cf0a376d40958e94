import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Problem } from '@micro-linux/provision';
import type { Finding } from './findings.ts';
import type { Override } from './override.ts';
import { isKeyPath, readKeyLines } from './ssh-key-file.ts';

/**
 * Replaces each file among the values of `--ssh-key` by the keys in it: its lines except empty
 * ones and comments.
 *
 * @param cwd the folder for relative paths.
 */
export async function readSshKeyFiles(
  override: Override,
  cwd: string,
): Promise<{ readonly override: Override; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  let keys: string[] = [];
  for (const value of [override.value].flat().map(String)) {
    const file = resolve(cwd, value);
    const exists = await stat(file).then(
      () => true,
      () => false,
    );
    // What may be a secret given by mistake is not quoted; the path of a file is.
    const lines = exists || isKeyPath(value) ? await readKeyLines(file) : [value];
    if (lines instanceof Problem) {
      findings.push({
        path: override.path,
        origin: override.origin,
        problem: lines.what,
        fix: lines.fix ?? '',
      });
    } else {
      keys = keys.concat(lines);
    }
  }
  return { override: { ...override, value: keys }, findings };
}
