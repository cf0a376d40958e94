import type { SeedFinding } from 'micro-linux/autoinstall/check/finding';

/** Who refused a seed, and what it said; null: the installation reached its end. */
export type Run = { readonly at: string; readonly said: string } | null;
/** Of each firmware. */
export type Runs = Readonly<Record<string, Run>>;

/** Rules by which we call an error what Subiquity's server accepts, on purpose. */
const ON_PURPOSE: ReadonlySet<string> = new Set([
  'unknown-key',
  'duplicate-key',
  'misplaced-key',
  'plain-password',
  'no-login',
  'ssh-key',
  // Commands do not run.
  'semicolon',
]);

/** What there is between a verdict of ours and the real ones, as a line of the table. */
export function differenceOf(runs: Runs, ours: readonly SeedFinding[]): string {
  const verdicts = Object.values(runs);
  const errors = ours.filter(({ severity }) => severity === 'error');
  const refused = verdicts.filter((run) => run !== null);
  const asks = ours.some(({ rule }) => rule === 'interactive' || rule === 'no-autoinstall');
  // For a section that does not exist, it waits at another place.
  if (refused.some(({ at }) => at === 'person' || (at === 'hang' && asks))) {
    return asks ? 'same: asks a person' : 'DIFFERS: it asks a person';
  }
  if (errors.length === 0 && refused.some(({ at }) => at === 'source')) {
    return 'not comparable: depends on the sources of the medium';
  }
  if (errors.length === 0 && refused.some(({ said }) => said.includes('matched no disk'))) {
    return 'not comparable: depends on the disks of the machine';
  }
  if (refused.length === 0) {
    const [unexplained] = errors.filter(({ rule }) => !ON_PURPOSE.has(rule));
    return unexplained !== undefined
      ? 'DIFFERS: we refuse what is accepted'
      : errors[0] !== undefined
        ? `on purpose: ${errors[0].rule}`
        : 'same: accepted';
  }
  if (errors.length > 0) {
    return 'same: refused';
  }
  if (refused.length < verdicts.length) {
    return ours.some(({ rule }) => rule === 'storage-one-firmware')
      ? 'same: refused by one firmware'
      : 'DIFFERS: one firmware is refused';
  }
  return 'DIFFERS: we accept what is refused';
}
