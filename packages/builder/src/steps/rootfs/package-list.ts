import { isUtc } from '@micro-linux/provision';
import { packageOf } from '../../config/package-name.ts';
import { COMMON_PACKAGES } from '../../profiles/common-packages.ts';
import type { Profile } from '../../profiles/profile.ts';

/** The part of the config that decides which packages an image has. */
export interface PackageChoice {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** Names of packages that are installed later, from files: not installed from the archives. */
  readonly later?: readonly string[];
  /** A kernel package other than the profile's. */
  readonly kernelPackage: string | undefined;
  readonly timezone: string;
  readonly locale: string;
}

/** What to install, and what to purge afterwards because a dependency installs it. */
export interface PackageList {
  readonly include: readonly string[];
  readonly purge: readonly string[];
  /** Whether the kernel is among those to install. */
  readonly hasKernel: boolean;
}

/** The packages of an image, sorted, each once. */
export function packageList(profile: Profile, choice: PackageChoice): PackageList {
  const kernel = choice.kernelPackage ?? profile.kernelPackage;
  const own = [
    ...COMMON_PACKAGES,
    ...profile.packages,
    kernel,
    ...(isUtc(choice.timezone) ? [] : ['tzdata']),
    ...(needsLocaleData(choice.locale) ? ['locales'] : []),
  ];
  const later = choice.later ?? [];
  const added = new Set(choice.add.map(packageOf));
  // A version or suite that the config names replaces the plain name.
  const kept = own.filter((name) => !choice.remove.includes(name) && !added.has(name));
  const include = [...kept, ...choice.add].filter((wish) => !later.includes(packageOf(wish)));
  return {
    include: [...new Set(include)].sort(),
    purge: choice.remove.filter((name) => !own.includes(name)).sort(),
    hasKernel: !later.includes(kernel),
  };
}

/** Whether a locale must be compiled; C.UTF-8 is part of libc-bin. */
export function needsLocaleData(locale: string): boolean {
  return !['C', 'POSIX', 'C.UTF-8'].includes(locale);
}
