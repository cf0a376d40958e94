import type { Profile } from './profile.ts';

/**
 * Packages without which an image never becomes healthy, and what needs each: the boot, our units
 * and scripts (systemd/, rootfs-overlay/), or the health checks.
 */
const NEEDED_BY: Readonly<Record<string, string>> = {
  busybox: 'the initramfs runs its scripts in the shell of it',
  dbus: 'systemd-logind does not start without it',
  e2fsprogs: 'every boot checks the data partition, and the first one grows it',
  fdisk: 'the first boot grows the data partition with sfdisk',
  'initramfs-tools': 'it makes the initrd, which chooses the slot',
  kmod: 'initramfs and watchdog load kernel modules with it',
  mount: 'the slot, the data partition and the ESP are mounted with it',
  'openssh-client': 'the host keys are made with its ssh-keygen',
  'openssh-server': 'sshd is the way in, and one of the health checks',
  systemd: 'it starts the system, its network and the health checks',
  'systemd-sysv': 'it contains /sbin/init',
  udev: 'it finds the disks',
};

/** Packages that are only needed while the health check requires one of their units. */
const NEEDED_FOR_UNITS: Readonly<Record<string, RegExp>> = {
  'openssh-client': /^sshd?\.(?:service|socket)$/,
  'openssh-server': /^sshd?\.(?:service|socket)$/,
};

/** What an image contains and requires, as far as it decides which packages it needs. */
export interface ImageNeeds {
  /** The configured kernel; undefined: the profile's. */
  readonly kernelPackage: string | undefined;
  /** Entries of `health.requiredUnits`: a unit, or several with `|` between them. */
  readonly requiredUnits: readonly string[];
}

/** Why a package cannot be removed from an image; undefined if it can. */
export function whyRequired(
  name: string,
  profile: Pick<Profile, 'kernelPackage'>,
  { kernelPackage, requiredUnits }: ImageNeeds,
): string | undefined {
  if (name === (kernelPackage ?? profile.kernelPackage)) {
    return 'it is the kernel';
  }
  const units = NEEDED_FOR_UNITS[name];
  const isNeeded =
    units === undefined ||
    requiredUnits.some((entry) => entry.split('|').every((unit) => units.test(unit.trim())));
  return isNeeded ? NEEDED_BY[name] : undefined;
}

/** The required packages without the kernel. */
export const REQUIRED_PACKAGES: readonly string[] = Object.keys(NEEDED_BY);
