import { isUtc } from '@micro-linux/provision';
import { COMMON_PACKAGES } from '../../profiles/common-packages.ts';
import type { Profile } from '../../profiles/profile.ts';

/** The part of the config that decides which packages an image has. */
export interface PackageChoice {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** A kernel package other than the profile's. */
  readonly kernelPackage: string | undefined;
  readonly timezone: string;
  readonly locale: string;
}

/** What to install, and what to purge afterwards because a dependency installs it. */
export interface PackageList {
  readonly include: readonly string[];
  readonly purge: readonly string[];
}

/** The packages of an image, sorted, each once. */
export function packageList(profile: Profile, choice: PackageChoice): PackageList {
  const own = [
    ...COMMON_PACKAGES,
    ...profile.packages,
    choice.kernelPackage ?? profile.kernelPackage,
    ...(isUtc(choice.timezone) ? [] : ['tzdata']),
    ...(needsLocaleData(choice.locale) ? ['locales'] : []),
  ];
  const removed = new Set(choice.remove);
  return {
    include: [...new Set([...own.filter((name) => !removed.has(name)), ...choice.add])].sort(),
    purge: choice.remove.filter((name) => !own.includes(name)).sort(),
  };
}

/** Whether a locale must be compiled; C.UTF-8 is part of libc-bin. */
export function needsLocaleData(locale: string): boolean {
  return !['C', 'POSIX', 'C.UTF-8'].includes(locale);
}
