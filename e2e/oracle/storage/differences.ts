import type { SeedFinding } from 'micro-linux/autoinstall/check/finding';

/** For each firmware and storage version: why the section was refused, or null. */
export type Verdicts = Readonly<Record<string, string | null>>;

/** Rules that warn where the two ways of partitioning differ; a wrong type may be either. */
const TELL_VERSIONS = /^storage-(version-[12]|value)$/;

/** Rules that deliberately report an error for something that the installer silently ignores. */
const ON_PURPOSE: readonly [pattern: RegExp, kind: string][] = [
  [/^unknown-key /, 'a key that the installer ignores'],
  [/is not a type/, 'a type that the installer ignores'],
  [/is not a flag/, 'a flag that the installer makes linux'],
  [/is ignored: `layout` wins/, 'config beside layout'],
  [/is not a layout/, 'a layout that the installer takes for direct'],
  [/is not one of largest, smallest/, 'a rule for disks that the installer ignores'],
  [/is the id of config/, 'two entries with one id, of which one is lost'],
  [/has no id/, 'an empty id'],
  [/^storage-reference /, 'a reference that the installer drops'],
  [/% of /, 'shares of an LVM group that lvcreate refuses'],
  [/gets partitions, but no/, 'a RAID whose partitions are never made'],
  [/does not go with preserve/, 'wipe and preserve on a disk that nothing uses'],
  [/^storage-too-large /, 'an offset after the end, which only one version reads'],
  [/is divided into partitions/, 'a file system over the partitions of a disk'],
  [/UEFI reads FAT only/, 'a file system at /boot/efi that no firmware reads'],
  [/must be a UUID/, 'a UUID that mkfs refuses'],
  [/must be /, 'a value of the wrong type that nothing trips over'],
];

/** The difference between our verdict and the real ones, as a line of the table. */
export function differenceOf(runs: Verdicts, ours: readonly SeedFinding[]): string {
  const accepted = (version: string) =>
    Object.entries(runs).some(([name, run]) => name.endsWith(version) && run === null);
  const [one, two] = [accepted('-1'), accepted('-2')];
  const errors = ours.filter(({ severity }) => severity === 'error');
  const refused = !one && !two;
  if (refused === errors.length > 0) {
    if (one !== two && !ours.some(({ rule }) => TELL_VERSIONS.test(rule))) {
      return `same, but no word about version ${one ? 2 : 1}`;
    }
    return refused ? 'same: refused' : 'same: accepted';
  }
  if (
    refused &&
    Object.values(runs).some((run) =>
      /no disk|Failed to find matching|KeyError: '\/dev\//.test(run ?? ''),
    )
  ) {
    return 'not comparable: which disks there are decides';
  }
  if (refused && ours.some(({ problem }) => problem.startsWith('is "hybrid"'))) {
    return 'not comparable: what is installed decides (hybrid)';
  }
  if (refused && Object.values(runs).some((run) => run?.includes('DasdPartitionTable'))) {
    return 'not comparable: vtoc needs a DASD';
  }
  if (refused) {
    return 'DIFFERS: we accept what is refused';
  }
  const unexplained = errors.filter(
    (error) => !ON_PURPOSE.some(([pattern]) => pattern.test(`${error.rule} ${error.problem}`)),
  );
  if (unexplained.length > 0) {
    return 'DIFFERS: we refuse what is accepted';
  }
  const [first] = errors;
  const kind = ON_PURPOSE.find(
    ([pattern]) => first !== undefined && pattern.test(`${first.rule} ${first.problem}`),
  );
  return `on purpose: ${kind?.[1]}`;
}
