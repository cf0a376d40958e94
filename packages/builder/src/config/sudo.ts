import { Problem } from '@micro-linux/provision';
import type { SudoConfig } from './users.ts';

/** The words of a rule that we write ourselves. */
const KINDS = ['none', 'password', 'nopasswd'] as const;

/** Reads `none`, `password`, `nopasswd`, or the path of a file with rules. */
export function parseSudo(text: string): SudoConfig | Problem {
  const kind = KINDS.find((word) => word === text);
  if (kind !== undefined) {
    return { kind };
  }
  return /^[^~\0][^\0]*[./]/.test(text)
    ? { kind: 'file', path: text, text: '' }
    : new Problem(
        'is not a rule for sudo',
        'write none, password, nopasswd, or the path of a file with rules, such as sudo/ops.sudoers',
      );
}
