import { GIB } from '@micro-linux/core';
import { expect, it } from 'vitest';
import { profileOf } from '../profiles/index.ts';
import type { HostFacts } from './doctor-facts.ts';
import { canBuild, findings } from './doctor-findings.ts';
import { renderFindings } from './doctor-render.ts';
import { HOST_PACKAGES } from './packages.ts';

/** A ready host; each test breaks one thing. */
const READY: HostFacts = {
  hostTitle: 'Debian 12',
  user: { name: 'ann', uid: 1000 },
  profile: profileOf('noble'),
  missing: [],
  versions: [
    { tool: 'mmdebstrap', version: '1.3.5' },
    { tool: 'mke2fs', version: '1.47.0' },
    { tool: 'unshare', version: '2.38.1' },
    { tool: 'qemu-system-x86_64', version: '7.2.22' },
  ],
  userNamespaces: {
    failure: undefined,
    unprivilegedClone: undefined,
    apparmorRestriction: undefined,
    maximum: '15000',
  },
  subUids: 65_536,
  subGids: 65_536,
  kvm: { usable: true },
  space: [{ paths: ['/a/artifacts', '/c', '/var/tmp'], freeBytes: 50 * GIB, neededBytes: 6 * GIB }],
  keyring: undefined,
  archive: {
    kind: 'answered',
    answers: [{ reachable: true, url: 'http://mirror.example/x', inRelease: '' }],
  },
};

it('finds nothing wrong on a ready host', () => {
  const found = findings(READY);

  expect(canBuild(found)).toBe(true);
  expect(renderFindings('Debian 12, to build noble:', found)).toMatchInlineSnapshot(`
    "Debian 12, to build noble:
      ok    all programs needed to build are installed
      ok    all programs needed to boot images (vm, test) are installed
      ok    mmdebstrap 1.3.5
      ok    mke2fs 1.47.0
      ok    unshare 2.38.1
      ok    qemu-system-x86_64 7.2.22
      ok    ann has 65536 subordinate user ids, 65536 group ids
      ok    a user namespace can be entered
      ok    the archive keys for Ubuntu 24.04 LTS (noble) are installed
      ok    the archive of Ubuntu 24.04 LTS (noble) answers
      ok    50.0 GiB free for /a/artifacts, /c, /var/tmp
      ok    KVM runs guests
    this host can build"
  `);
});

it('shows all problems, each with its fix', () => {
  const found = findings({
    ...READY,
    missing: missing('mmdebstrap', 'e2fsprogs', 'ovmf'),
    versions: [
      { tool: 'mmdebstrap', version: undefined },
      { tool: 'unshare', version: '2.36.1' },
    ],
    subUids: 0,
    subGids: 10,
    userNamespaces: { ...READY.userNamespaces, failure: 'unshare: no entry' },
    kvm: { usable: false, kind: 'denied', reason: '/dev/kvm may not be opened' },
    space: [{ paths: ['/var/tmp'], freeBytes: GIB, neededBytes: 3 * GIB }],
    keyring: { message: 'the keyring is not there', why: 'because', hint: 'get it' },
    archive: {
      kind: 'answered',
      answers: [
        { reachable: false, url: 'http://mirror.example/x', reason: 'dns', why: 'no such name' },
      ],
    },
  });

  expect(canBuild(found)).toBe(false);
  expect(renderFindings('Debian 12, to build noble:', found)).toMatchInlineSnapshot(`
    "Debian 12, to build noble:
      ERROR needed to build and not installed: mmdebstrap, mke2fs, e2fsck, debugfs
            why: mmdebstrap: makes the root file system
                 e2fsprogs: makes and checks ext4
            try: ./micro-linux setup-host
      warn  needed to boot images (vm, test) and not installed: /usr/share/OVMF/OVMF_CODE_4M.fd, /usr/share/OVMF/OVMF_VARS_4M.fd
            why: ovmf: UEFI firmware for QEMU
            try: ./micro-linux setup-host
      ERROR unshare is 2.36.1; 2.38 or later is needed
            why: --map-auto was added in 2.38
            try: use Debian 12, Ubuntu 24.04 or later, as the host or in a container
      ERROR ann has 0 subordinate user ids and 10 group ids in one piece; 65536 of each are needed
            why: files in an image belong to many users; without root, they are made under ids set aside for you in /etc/subuid and /etc/subgid
            try: ./micro-linux setup-host --for ann
      ERROR a user namespace cannot be entered, and building without root needs one
            why: there are no subordinate ids to map into it (see sub-ids)
                 unshare says: unshare: no entry
            try: ./micro-linux setup-host --for ann
      ERROR the keyring is not there
            why: because
            try: get it
      ERROR the archive of Ubuntu 24.04 LTS (noble) does not answer: http://mirror.example/x
            why: no such name
            try: name another archive of the same distribution: \`mirror:\` in micro-linux.yaml;
                 or build another release whose archive can be reached: --profile bookworm
      ERROR 1.0 GiB free for /var/tmp
            why: a build needs up to 3 GiB there
            try: free some space, or point TMPDIR and XDG_CACHE_HOME to a larger file system
      warn  KVM cannot run guests: vm and test will be about ten times slower
            why: /dev/kvm may not be opened
            try: sudo usermod -aG kvm ann   (then log in again)
    this host cannot build yet: fix what is marked ERROR, from top to bottom"
  `);
});

it.each([
  [{ unprivilegedClone: '0' }, 'sysctl', 'kernel.unprivileged_userns_clone=1'],
  [{ apparmorRestriction: '1' }, 'AppArmor', 'kernel.apparmor_restrict_unprivileged_userns=0'],
  [{ maximum: '0' }, 'switched off', 'user.max_user_namespaces=15000'],
  [{}, 'seccomp', 'container'],
] as const)('explains why user namespaces fail with %o', (sysctls, why, fix) => {
  const found = userNamespaces({ ...sysctls, failure: 'unshare: Operation not permitted' });

  expect(found?.severity).toBe('error');
  expect(found?.why).toContain(why === 'sysctl' ? 'reserves user namespaces for root' : why);
  expect(found?.why).toContain('unshare says: unshare: Operation not permitted');
  expect(found?.fix).toContain(fix);
});

it('ignores a restriction if the real attempt succeeds', () => {
  expect(userNamespaces({ apparmorRestriction: '1' })?.severity).toBe('ok');
});

it('does not require subordinate ids for root', () => {
  const found = findings({ ...READY, user: { name: 'root', uid: 0 }, subUids: 0, subGids: 0 });

  expect(canBuild(found)).toBe(true);
});

it('a host that cannot boot images may still build', () => {
  const found = findings({ ...READY, missing: missing('qemu-system-x86'), kvm: undefined });

  expect(canBuild(found)).toBe(true);
  expect(found.filter(({ severity }) => severity === 'warn').map(({ id }) => id)).toEqual([
    'boot-packages',
    'kvm',
  ]);
});

it('gives every finding that is not ok a reason and a fix', () => {
  const found = findings({
    ...READY,
    missing: missing('tar', 'ovmf'),
    kvm: undefined,
    archive: {
      kind: 'unknown',
      problem: { message: 'mmdebstrap is not installed', why: undefined, hint: undefined },
    },
  });

  for (const { severity, fix } of found) {
    expect(fix === '').toBe(severity === 'ok');
  }
});

function userNamespaces(facts: Partial<HostFacts['userNamespaces']>) {
  const userNamespaceFacts = { ...READY.userNamespaces, ...facts };
  return findings({ ...READY, userNamespaces: userNamespaceFacts }).find(
    ({ id }) => id === 'user-namespaces',
  );
}

function missing(...names: string[]) {
  return HOST_PACKAGES.filter(({ name }) => names.includes(name)).map((entry) => ({
    package: entry,
    absent: entry.provides,
  }));
}
