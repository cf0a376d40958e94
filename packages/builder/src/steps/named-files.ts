import { readFile } from 'node:fs/promises';
import { ExitCode, errnoOf, MicroLinuxError } from '@micro-linux/core';
import { formatKeyPath, type TreeEntry } from '@micro-linux/provision';
import { placed, type WhereIs } from '../config/where-is.ts';
import { digestOf } from '../plan/digest.ts';
import type { NamedFile } from '../product/contribution.ts';

/** SHA-256 of each file that the config names, by its path. */
export type NamedDigests = Readonly<Record<string, string>>;

/** Entries as part of a key: what a named file contains counts, not where it is. */
export function keyOfEntries(entries: readonly TreeEntry[], named: NamedDigests): object {
  return entries.map((entry) =>
    entry.kind === 'file' && typeof entry.content === 'object'
      ? { ...entry, content: named[entry.content.from] ?? entry.content }
      : entry,
  );
}

/**
 * Reads and checks the files that the config names.
 *
 * @throws MicroLinuxError `named-file` with every file that cannot be used, exit code 2.
 */
export async function namedFiles(
  files: readonly NamedFile[],
  whereIs: WhereIs,
): Promise<NamedDigests> {
  const digests: Record<string, string> = {};
  const problems: { readonly what: string; readonly fix: string }[] = [];
  for (const { path, key, check } of files) {
    const place = placed(whereIs(key), formatKeyPath(key));
    try {
      const content = await readFile(path);
      const problem = check?.(content);
      if (problem) {
        problems.push({ what: `${place}: ${path} ${problem.what}`, fix: problem.fix ?? '' });
      }
      digests[path] = digestOf(content.toString('base64'));
    } catch (error) {
      problems.push({ what: `${place}: ${path} ${whyUnreadable(error)}`, fix: `ls -l ${path}` });
    }
  }
  const [first] = problems;
  if (first) {
    const isOne = problems.length === 1;
    throw new MicroLinuxError({
      code: 'named-file',
      message: isOne ? first.what : `${problems.length} files of the config cannot be used`,
      ...(isOne ? {} : { why: problems.map(({ what, fix }) => `${what}\n  ${fix}`).join('\n') }),
      hint: isOne ? first.fix : 'correct these, and build again',
      exitCode: ExitCode.usage,
    });
  }
  return digests;
}

function whyUnreadable(error: unknown): string {
  const code = errnoOf(error);
  if (code === undefined) {
    throw error;
  }
  return (
    { ENOENT: 'does not exist', EISDIR: 'is a folder', EACCES: 'may not be read' }[code] ??
    `cannot be read (${code})`
  );
}
