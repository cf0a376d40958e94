import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { reasonOf } from '@micro-linux/core';
import type { Finding } from './findings.ts';
import type { Override } from './override.ts';

/** Far larger than any public key file, and smaller than a disk given by mistake. */
const MAXIMUM_BYTES = 256 * 1024;

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
    const info = await stat(file).catch(reasonOf);
    if (typeof info === 'string') {
      // What may be a secret given by mistake is not quoted; the path of a file is.
      if (!/^\S*(?:\/\S*|\.pub)$/.test(value)) {
        keys.push(value);
      } else {
        findings.push({
          path: override.path,
          origin: override.origin,
          problem: `names a file that cannot be read: ${info}`,
          fix: 'give a readable .pub file, or the key itself in quotes',
        });
      }
      continue;
    }
    const text =
      info.isFile() && info.size <= MAXIMUM_BYTES
        ? await readFile(file, 'utf8').catch(() => undefined)
        : undefined;
    if (text === undefined) {
      findings.push({
        path: override.path,
        origin: override.origin,
        problem: `${file} cannot be read as a key file`,
        fix: 'give a readable .pub file, or the key itself',
      });
    } else if (text.includes('PRIVATE KEY')) {
      // Unchanged, so that the check of keys can recognize it.
      keys.push(text);
    } else {
      keys = keys.concat(text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line)));
    }
  }
  return { override: { ...override, value: keys }, findings };
}
