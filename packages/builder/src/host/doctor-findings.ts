import { GIB, MicroLinuxError } from '@micro-linux/core';
import { loginHint, unreachableHint } from './archive.ts';
import type { HostFacts } from './doctor-facts.ts';
import type { HostNeed } from './packages.ts';
import { SUB_IDS_NEEDED } from './sub-ids.ts';
import { isAtLeast, VERSIONED_TOOLS } from './tool-versions.ts';

/** One thing `doctor` checked. Only `error` means that the host cannot build. */
export interface Finding {
  /** Stable: scripts and docs refer to it. */
  readonly id: string;
  readonly severity: 'ok' | 'warn' | 'error';
  /** What was found, one line. */
  readonly what: string;
  /** Why it matters, or the cause; empty if nothing is wrong. */
  readonly why: string;
  /** Commands to paste that fix it; empty if nothing is wrong. */
  readonly fix: string;
}

const SETUP_HOST = './micro-linux setup-host';

/** Evaluates a host's facts. Pure. Findings are in the order in which to fix them. */
export function findings(facts: HostFacts): Finding[] {
  return [
    packages(facts, 'build'),
    packages(facts, 'boot'),
    ...versions(facts),
    subIds(facts),
    userNamespaces(facts),
    keyring(facts),
    archive(facts),
    ...space(facts),
    kvm(facts),
  ];
}

/** Whether a host with these findings can build. */
export function canBuild(found: readonly Finding[]): boolean {
  return found.every(({ severity }) => severity !== 'error');
}

/** The first problem as an error, for `--json`. */
export function cannotBuild(found: readonly Finding[]): MicroLinuxError {
  const errors = found.filter(({ severity }) => severity === 'error');
  return new MicroLinuxError({
    code: 'host-cannot-build',
    message: `this host cannot build yet: ${errors.map(({ id }) => id).join(', ')}`,
    why: errors.map(({ what }) => what).join('\n'),
    hint: errors[0]?.fix,
  });
}

function packages({ missing }: HostFacts, need: Exclude<HostNeed, 'tests'>): Finding {
  const lacking = missing.filter((entry) => entry.package.need === need);
  const id = `${need}-packages`;
  const purpose = need === 'build' ? 'to build' : 'to boot images (vm, test)';
  if (lacking.length === 0) {
    return ok(id, `all programs needed ${purpose} are installed`);
  }
  return {
    id,
    severity: need === 'build' ? 'error' : 'warn',
    what: `needed ${purpose} and not installed: ${lacking.flatMap(({ absent }) => absent).join(', ')}`,
    why: lacking.map((entry) => `${entry.package.name}: ${entry.package.purpose}`).join('\n'),
    fix: SETUP_HOST,
  };
}

/** Skips missing tools: their packages are already listed. */
function versions(facts: HostFacts): Finding[] {
  return facts.versions.flatMap(({ tool, version }) => {
    const wanted = VERSIONED_TOOLS.find((entry) => entry.tool === tool);
    if (!wanted || version === undefined) {
      return [];
    }
    const id = `version-${wanted.package}`;
    if (isAtLeast(version, wanted.minimum)) {
      return [ok(id, `${tool} ${version}`)];
    }
    return [
      {
        id,
        severity: wanted.need === 'build' ? 'error' : 'warn',
        what: `${tool} is ${version}; ${wanted.minimum} or later is needed`,
        why: wanted.why,
        fix: 'use Debian 12, Ubuntu 24.04 or later, as the host or in a container',
      } as const,
    ];
  });
}

function subIds({ user, subUids, subGids }: HostFacts): Finding {
  if (user.uid === 0) {
    return ok('sub-ids', 'root needs no subordinate ids');
  }
  if (Math.min(subUids, subGids) >= SUB_IDS_NEEDED) {
    return ok('sub-ids', `${user.name} has ${subUids} subordinate user ids, ${subGids} group ids`);
  }
  return {
    id: 'sub-ids',
    severity: 'error',
    what: `${user.name} has ${subUids} subordinate user ids and ${subGids} group ids in one piece; ${SUB_IDS_NEEDED} of each are needed`,
    why: 'files in an image belong to many users; without root, they are made under ids set aside for you in /etc/subuid and /etc/subgid',
    fix: `${SETUP_HOST} --for ${user.name}`,
  };
}

function userNamespaces(facts: HostFacts): Finding {
  const id = 'user-namespaces';
  const { failure } = facts.userNamespaces;
  if (failure === undefined) {
    return ok(id, 'a user namespace can be entered');
  }
  const { why, fix } = userNamespaceCause(facts);
  return {
    id,
    severity: 'error',
    what: 'a user namespace cannot be entered, and building without root needs one',
    why: `${why}\nunshare says: ${failure}`,
    fix,
  };
}

function userNamespaceCause(facts: HostFacts): { readonly why: string; readonly fix: string } {
  const { unprivilegedClone, apparmorRestriction, maximum } = facts.userNamespaces;
  const absent = facts.missing.flatMap((entry) => entry.absent);
  if (absent.includes('unshare') || absent.includes('newuidmap') || absent.includes('newgidmap')) {
    return { why: 'the programs that set it up are not installed', fix: SETUP_HOST };
  }
  if (facts.user.uid !== 0 && Math.min(facts.subUids, facts.subGids) < SUB_IDS_NEEDED) {
    return {
      why: 'there are no subordinate ids to map into it (see sub-ids)',
      fix: `${SETUP_HOST} --for ${facts.user.name}`,
    };
  }
  if (unprivilegedClone === '0' && facts.user.uid !== 0) {
    return {
      why: 'this kernel reserves user namespaces for root (kernel.unprivileged_userns_clone=0)',
      fix: persistentSysctl('kernel.unprivileged_userns_clone=1'),
    };
  }
  if (maximum === '0') {
    return {
      why: 'user namespaces are switched off (user.max_user_namespaces=0)',
      fix: persistentSysctl('user.max_user_namespaces=15000'),
    };
  }
  if (apparmorRestriction === '1' && facts.user.uid !== 0) {
    return {
      why: 'AppArmor removes the privileges of namespaces of programs without a profile (kernel.apparmor_restrict_unprivileged_userns=1, Ubuntu 23.10 and later)',
      fix: `${persistentSysctl('kernel.apparmor_restrict_unprivileged_userns=0')}\n(docs/guides/host.md has a profile for unshare alone, instead of lifting it for all programs)`,
    };
  }
  return {
    why: 'it is refused for another reason: in a container, often its seccomp profile or missing rights',
    fix: 'in a container, allow user namespaces (docs/guides/host.md), or build on the host itself',
  };
}

function persistentSysctl(setting: string): string {
  return `echo ${setting} | sudo tee /etc/sysctl.d/60-micro-linux.conf && sudo sysctl --system`;
}

function keyring({ profile, keyring: problem }: HostFacts): Finding {
  if (problem === undefined) {
    return ok('keyring', `the archive keys for ${profile.title} are installed`);
  }
  return {
    id: 'keyring',
    severity: 'error',
    what: problem.message,
    why: problem.why ?? '',
    fix: problem.hint ?? SETUP_HOST,
  };
}

function archive({ profile, archive: facts }: HostFacts): Finding {
  if (facts.kind === 'unknown') {
    const { message, why, hint } = facts.problem;
    return {
      id: 'archive',
      severity: 'error',
      what: `the archive of ${profile.title} is not known: ${message}`,
      why: why ?? '',
      fix: hint ?? unreachableHint(profile),
    };
  }
  const silent = facts.answers.filter((answer) => !answer.reachable);
  const wantsLogin = silent.find(({ reason }) => reason === 'login');
  if (silent.length === 0) {
    return ok('archive', `the archive of ${profile.title} answers`);
  }
  return {
    id: 'archive',
    severity: 'error',
    what: `the archive of ${profile.title} does not answer: ${silent.map(({ url }) => url).join(', ')}`,
    why: [...new Set(silent.map((answer) => answer.why))].join('\n'),
    fix: wantsLogin ? loginHint(wantsLogin.url) : unreachableHint(profile),
  };
}

function space(facts: HostFacts): Finding[] {
  return facts.space.map(({ paths, freeBytes, neededBytes }) => {
    const what = `${(freeBytes / GIB).toFixed(1)} GiB free for ${paths.join(', ')}`;
    if (freeBytes >= neededBytes) {
      return ok('space', what);
    }
    return {
      id: 'space',
      severity: 'error',
      what,
      why: `a build needs up to ${neededBytes / GIB} GiB there`,
      fix: 'free some space, or point TMPDIR and XDG_CACHE_HOME to a larger file system',
    } as const;
  });
}

/** Never an error: without KVM, machines are only slow. */
function kvm({ kvm: answer, user }: HostFacts): Finding {
  if (answer?.usable) {
    return ok('kvm', 'KVM runs guests');
  }
  return {
    id: 'kvm',
    severity: 'warn',
    what: 'KVM cannot run guests: vm and test will be about ten times slower',
    why: answer?.reason ?? 'QEMU is not installed, so it was not tried',
    fix:
      answer === undefined
        ? SETUP_HOST
        : answer.kind === 'denied'
          ? `sudo usermod -aG kvm ${user.name}   (then log in again)`
          : 'building does not need it; to boot faster, use a host that offers hardware virtualization',
  };
}

function ok(id: string, what: string): Finding {
  return { id, severity: 'ok', what, why: '', fix: '' };
}
