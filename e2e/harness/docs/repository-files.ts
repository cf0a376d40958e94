import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The root of the checkout, absolute. */
export const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** Every file that is in git or could be added to it, relative to the root of the checkout. */
export function repositoryFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '');
}
