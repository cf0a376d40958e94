import { MicroLinuxError } from '@micro-linux/core';
import type { RemasterPlan } from '../plan/plan-remaster.ts';
import { isBelow } from '../plan/slim.ts';
import { comparableBootReport } from '../source/boot-report.ts';
import type { SourceFacts } from '../source/read-source.ts';

/**
 * Compares a remaster with its source: no file is missing, no file is unexpected, and the boot
 * set-up is the same. Pure.
 *
 * @throws MicroLinuxError `remaster-differs`.
 */
export function checkRemaster(
  source: SourceFacts,
  plan: RemasterPlan,
  result: Pick<SourceFacts, 'files' | 'bootReport'>,
): void {
  const placed = new Set(plan.placed.map(({ path }) => path));
  const isOurs = (path: string) =>
    placed.has(path) || plan.withoutSum.includes(path) || plan.removed.includes(path);
  const lost = [...source.files.values()].filter(({ path, kind, bytes }) => {
    const found = result.files.get(path);
    return isBelow(path, plan.removed)
      ? found !== undefined
      : found?.kind !== kind || (found.bytes !== bytes && !isOurs(path));
  });
  const absent = [...placed].filter((path) => result.files.get(path)?.kind !== 'file');
  const wanted = comparableBootReport(source.bootReport);
  const found = comparableBootReport(result.bootReport);
  const differs = wanted.filter((line) => !found.includes(line));
  const more = found.filter((line) => !wanted.includes(line));
  const complaints = [
    ...[...lost.map(({ path }) => path), ...absent].map((path) => `not as it should be: ${path}`),
    ...differs.map((line) => `boot set-up lost: ${line}`),
    ...more.map((line) => `boot set-up gained: ${line}`),
  ];
  if (complaints.length > 0) {
    throw new MicroLinuxError({
      code: 'remaster-differs',
      message: 'xorriso wrote something other than what was asked for; its output was removed',
      why: complaints.slice(0, 12).join('\n'),
      hint: 'report this with the version of xorriso and the name of the ISO',
    });
  }
}
