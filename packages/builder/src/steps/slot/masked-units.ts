import type { TreeEntry } from '@micro-linux/provision';

/**
 * Units of the distribution that are useless on a read-only root: apt cannot upgrade it, dpkg's
 * database never changes, and there are no LVM snapshots to scrub.
 */
const MASKED = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
];

/**
 * The same for generators (systemd.generator(7)): the ESP and the data partition are mounted by our
 * own initramfs script, by number on the root's disk; systemd would also mount the ESP on /efi,
 * which a read-only root does not have (trixie, booted by BIOS).
 */
const MASKED_GENERATORS = ['systemd-gpt-auto-generator'];

/** The masks, in the slot's /etc: an administrator can still remove one. */
export function maskedUnits(): TreeEntry[] {
  return [
    ...MASKED.map((unit) => `/etc/systemd/system/${unit}`),
    ...MASKED_GENERATORS.map((generator) => `/etc/systemd/system-generators/${generator}`),
  ].map((path) => ({ kind: 'link', path, target: '/dev/null' }));
}
