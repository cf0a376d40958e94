import { formatKeyPath, honouredFindings } from '@micro-linux/provision';
import type { Remark } from '../check/finding.ts';
import { RULES } from '../check/rules.ts';
import type { Seed } from '../seed/parse-seed.ts';

/**
 * What micro-linux's own installer would have to ignore or guess, and values that it refuses.
 *
 * @param others the other findings: a value that already has an error is reported only once.
 */
export function honouredRemarks({ autoinstall, base }: Seed, others: readonly Remark[]): Remark[] {
  const told = new Set(
    others
      .filter(({ rule }) => RULES[rule].severity === 'error')
      .map(({ path }) => formatKeyPath(path)),
  );
  return honouredFindings(autoinstall)
    .map(({ kind, at, problem, fix, ...finding }) => ({
      kind,
      remark: {
        rule: 'not-honoured',
        path: [...base, ...finding.path],
        problem,
        fix,
        ...(at === undefined ? {} : { at }),
      } satisfies Remark,
    }))
    .filter(({ kind, remark }) => kind === 'form' || !told.has(formatKeyPath(remark.path)))
    .map(({ remark }) => remark);
}
