import { shellQuote } from '@micro-linux/core';
import type { MirrorConfig, PruneConfig } from '../../config/config.ts';
import { packageOf } from '../../config/package-name.ts';
import type { Profile } from '../../profiles/profile.ts';
import { aptSources } from './apt-sources.ts';
import { CLEAN, STABLE_KERNEL_NAMES } from './finish-root.ts';
import type { PackageList } from './package-list.ts';
import { pathFilters } from './path-filters.ts';
import { addRepositories, type Repository, removeRepositories } from './repositories.ts';
import { addSystemAccounts, SYSTEM_ACCOUNTS, type SystemAccount } from './system-accounts.ts';

/** Inputs of the root file system; all are part of the cache key. */
export interface RootfsPlan {
  readonly profile: Profile;
  readonly mirror: MirrorConfig | undefined;
  readonly keyring: string;
  /** Archives in addition to the distribution's. */
  readonly repositories: readonly Repository[];
  readonly packages: PackageList;
  readonly prune: PruneConfig;
  /** A locale to compile, if not built in. */
  readonly locale: string | undefined;
  /** Accounts of the config that must exist before its packages. */
  readonly accounts?: readonly SystemAccount[];
}

/** Files the call reads and writes. */
export interface RootfsPaths {
  /**
   * A tar with the files that the initrd needs; unpacked into the root before the kernel is
   * installed.
   */
  readonly earlyOverlay: string;
  /** The tar to make. */
  readonly rootfs: string;
  /** Receives `boot-packages/*.deb`. */
  readonly outputDirectory: string;
  /** Receives apt's package lists, as a tar with paths below /var/lib/apt. */
  readonly aptLists: string;
  /**
   * A file with the logins of the mirrors. Not part of the cache key: it does not affect the
   * result.
   */
  readonly logins?: string | undefined;
}

/** Where apt reads logins: below the new root, never on the host. */
export const AUTH_PLACE = '/etc/apt/auth.conf.d/90-micro-linux-build.conf';

/**
 * Hooks that copy the logins to where apt reads them, readable by the owner only. The caller
 * removes {@link AUTH_PLACE} again. mmdebstrap itself reads the file as the user who builds,
 * because the user of its namespace could not.
 */
export function uploadLogins(logins: string | undefined): readonly string[] {
  return logins === undefined
    ? []
    : [
        `--setup-hook=install -D -m 600 /dev/null "$1${AUTH_PLACE}"`,
        `--setup-hook=upload ${shellQuote(logins)} ${AUTH_PLACE}`,
      ];
}

/** Temporary directory of the boot packages inside the root. */
const BOOT_PACKAGES = '/boot-packages';

/** The arguments of the one mmdebstrap call. */
export function mmdebstrapArguments(plan: RootfsPlan, paths: RootfsPaths): readonly string[] {
  const { profile, packages } = plan;
  return [
    '--mode=unshare',
    '--variant=apt',
    '--format=tar',
    // So that no package needs usrmerge, which depends on all of Perl.
    ...(profile.mergeUsr ? ['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr'] : []),
    `--components=${profile.components.join(',')}`,
    `--include=${packages.include.join(',')}`,
    ...(plan.mirror ? [] : [`--keyring=${plan.keyring}`]),
    ...pathFilters(plan.prune).map((filter) => `--dpkgopt=${filter}`),
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    // A half-broken mirror must cause an error, not hours of waiting.
    '--aptopt=Acquire::Retries "3"',
    '--aptopt=Acquire::http::Timeout "30"',
    ...uploadLogins(paths.logins),
    ...addRepositories(plan.repositories),
    `--essential-hook=tar-in ${shellQuote(paths.earlyOverlay)} /`,
    `--essential-hook=${addSystemAccounts([...SYSTEM_ACCOUNTS, ...(plan.accounts ?? [])])}`,
    // For packages that are installed later, of the same state of the archives.
    `--customize-hook=tar-out /var/lib/apt/lists ${shellQuote(paths.aptLists)}`,
    // The signed boot programs are extracted from their packages, never installed into the image.
    `--customize-hook=mkdir "$1${BOOT_PACKAGES}" && cd "$1${BOOT_PACKAGES}" && ` +
      `APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --quiet download ${profile.secureBoot.packages.join(' ')}`,
    // Nothing is fetched any more.
    ...(paths.logins === undefined ? [] : [`--customize-hook=rm "$1${AUTH_PLACE}"`]),
    ...removeRepositories(plan.repositories),
    `--customize-hook=copy-out ${BOOT_PACKAGES} ${shellQuote(paths.outputDirectory)}`,
    `--customize-hook=rm -r "$1${BOOT_PACKAGES}"`,
    ...packages.purge.map((name) => `--customize-hook=chroot "$1" dpkg --purge ${name}`),
    ...(plan.locale
      ? [`--customize-hook=chroot "$1" localedef -i ${localeSource(plan.locale)} ${plan.locale}`]
      : []),
    `--customize-hook=chroot "$1" systemctl enable --quiet ${enabledUnits(packages.include).join(' ')}`,
    ...(packages.hasKernel ? [`--customize-hook=${STABLE_KERNEL_NAMES}`] : []),
    `--customize-hook=${CLEAN}`,
    profile.suite,
    paths.rootfs,
    ...aptSources(profile, plan.mirror, plan.keyring),
  ];
}

/** `en_US.UTF-8` → `en_US -f UTF-8`, the arguments of localedef(1). */
function localeSource(locale: string): string {
  const [language = locale, charset = 'UTF-8'] = locale.split('.');
  return `${language} -f ${charset}`;
}

/**
 * Services that Debian leaves off. Services in a package of their own have its name, and may be
 * left out.
 */
function enabledUnits(include: readonly string[]): string[] {
  const own = ['systemd-resolved', 'systemd-timesyncd'];
  const names = include.map(packageOf);
  return ['systemd-networkd', ...own.filter((name) => names.includes(name))];
}
