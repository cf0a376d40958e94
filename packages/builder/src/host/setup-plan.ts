import { MicroLinuxError } from '@micro-linux/core';
import type { MissingPackage } from './missing-tools.ts';
import { isOrLike, type OsRelease } from './os-release.ts';
import type { SetupStep } from './setup-command.ts';
import { freeRangeStart, largestRange, SUB_IDS_NEEDED, type SubIdRange } from './sub-ids.ts';
import {
  aptInstall,
  checkInstalledUbuntuKeyring,
  fetchUbuntuKeyring,
  hostHasUbuntuKeyringPackage,
  UBUNTU_KEYRING_PACKAGE,
} from './ubuntu-keyring.ts';

/** The facts that set-up depends on. */
export interface SetupFacts {
  readonly os: OsRelease;
  readonly hasApt: boolean;
  readonly missing: readonly MissingPackage[];
  /** The user who will build. */
  readonly user: { readonly name: string; readonly uid: number };
  readonly subUids: readonly SubIdRange[];
  readonly subGids: readonly SubIdRange[];
  /** Whether apt has ubuntu-keyring in its current package lists. */
  readonly aptKnowsUbuntuKeyring: boolean;
  /** Base URL of the Debian mirror the host uses. */
  readonly debianMirror: string | undefined;
  /** Components of the archives in apt's configuration; empty if unknown. */
  readonly components: readonly string[];
  /** A directory that may be created and removed. */
  readonly workDirectory: string;
}

export interface SetupPlan {
  readonly steps: readonly SetupStep[];
  /** Notes for the user, and manual steps. */
  readonly notes: readonly string[];
}

/**
 * The steps that set up this host for building; empty if nothing is missing.
 *
 * @throws MicroLinuxError `host-unsupported` (not a Debian or Ubuntu, and programs are missing),
 *   `debian-mirror-unknown`
 */
export function planSetup(facts: SetupFacts): SetupPlan {
  const { os, missing } = facts;
  if (missing.length > 0 && !facts.hasApt) {
    throw hostUnsupported(facts);
  }
  const steps: SetupStep[] = [];
  const notes: string[] = [];
  const wantsKeyring = missing.some((entry) => entry.package.name === UBUNTU_KEYRING_PACKAGE);
  const keyringFromApt = facts.aptKnowsUbuntuKeyring || hostHasUbuntuKeyringPackage(os);
  const names = missing
    .map((entry) => entry.package.name)
    .filter((name) => name !== UBUNTU_KEYRING_PACKAGE || keyringFromApt);

  if (isOrLike(os, 'ubuntu') && names.length > 0 && isWithoutUniverse(facts)) {
    notes.push(
      "Ubuntu's universe is not enabled, and mmdebstrap is in it: sudo add-apt-repository -y universe",
    );
  }
  if (names.length > 0) {
    steps.push({
      title: `install ${names.join(', ')}`,
      commands: [
        { argv: ['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'update'], asRoot: true },
        { argv: aptInstall(names), asRoot: true },
        ...(wantsKeyring && keyringFromApt ? checkInstalledUbuntuKeyring(facts.workDirectory) : []),
      ],
    });
  }
  if (wantsKeyring && !keyringFromApt) {
    if (facts.debianMirror === undefined) {
      throw debianMirrorUnknown(os);
    }
    steps.push({
      title: "fetch Ubuntu's archive keys from Debian",
      commands: fetchUbuntuKeyring(facts.debianMirror, facts.workDirectory),
    });
  }
  steps.push(...subIdSteps(facts));
  return { steps, notes };
}

/** Root needs none: it can set the owners of files itself. */
function subIdSteps({ user, subUids, subGids }: SetupFacts): SetupStep[] {
  if (user.uid === 0) {
    return [];
  }
  const range = (kind: string, ranges: readonly SubIdRange[]): string[] => {
    if (largestRange(ranges, user) >= SUB_IDS_NEEDED) {
      return [];
    }
    const start = freeRangeStart(ranges);
    return [`--add-sub${kind}s`, `${start}-${start + SUB_IDS_NEEDED - 1}`];
  };
  const options = [...range('uid', subUids), ...range('gid', subGids)];
  return options.length === 0
    ? []
    : [
        {
          title: `give ${user.name} subordinate user and group ids`,
          commands: [{ argv: ['usermod', ...options, user.name], asRoot: true }],
        },
      ];
}

function isWithoutUniverse({ components }: SetupFacts): boolean {
  return components.length > 0 && !components.includes('universe');
}

function hostUnsupported({ os, missing }: SetupFacts): MicroLinuxError {
  return new MicroLinuxError({
    code: 'host-unsupported',
    message: `${os.title} has no apt: install the missing programs by hand`,
    why: missing
      .map((entry) => `${entry.absent.join(', ')} (in Debian: ${entry.package.name})`)
      .join('\n'),
    hint: "use this system's own package manager, or a Debian or Ubuntu host or container",
  });
}

function debianMirrorUnknown(os: OsRelease): MicroLinuxError {
  return new MicroLinuxError({
    code: 'debian-mirror-unknown',
    message: "Ubuntu's archive keys are not among this host's packages",
    why: `${os.title} has no ${UBUNTU_KEYRING_PACKAGE}, and apt is configured for no Debian mirror to fetch it from`,
    hint:
      'see docs/explanation/decisions/ubuntu-keyring.md for the way by hand; ' +
      'images of Debian need no such keys: --profile bookworm',
  });
}
