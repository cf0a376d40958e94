import type { TreeEntry } from '../tar/tree-entry.ts';

/**
 * Units of the distribution that have no sense on a root that is never written to: apt cannot
 * upgrade it, dpkg's database never changes, and no LVM snapshot of it will be scrubbed.
 */
const MASKED = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
];

/** The masks, in the slot's /etc: an administrator can still take one away. */
export function maskedUnits(): TreeEntry[] {
  return MASKED.map((unit) => ({
    kind: 'link',
    path: `/etc/systemd/system/${unit}`,
    target: '/dev/null',
  }));
}
