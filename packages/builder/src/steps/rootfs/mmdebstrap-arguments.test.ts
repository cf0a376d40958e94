import { describe, expect, it } from 'vitest';
import { PROFILE_NAMES, profileOf } from '../../profiles/index.ts';
import type { ProfileName } from '../../profiles/profile.ts';
import { mmdebstrapArguments, type RootfsPlan } from './mmdebstrap-arguments.ts';
import { packageList } from './package-list.ts';

const PATHS = {
  earlyOverlay: '/build/early.tar',
  rootfs: '/build/rootfs.tar',
  outputDirectory: '/build',
  aptLists: '/build/apt-lists.tar',
};

function plan(name: ProfileName, more: Partial<RootfsPlan> = {}): RootfsPlan {
  const profile = profileOf(name);
  return {
    profile,
    mirror: undefined,
    keyring: profile.keyring,
    repositories: [],
    packages: packageList(profile, {
      add: [],
      remove: [],
      kernelPackage: undefined,
      timezone: 'Etc/UTC',
      locale: 'C.UTF-8',
    }),
    prune: { documentation: true, locales: true, hwdb: true, firmware: true, paths: [] },
    locale: undefined,
    ...more,
  };
}

describe('mmdebstrapArguments', () => {
  it.each(PROFILE_NAMES)('has the expected command line for %s', (name) => {
    expect(mmdebstrapArguments(plan(name), PATHS)).toMatchSnapshot();
  });

  it('enables no service of a removed package', () => {
    const packages = packageList(profileOf('bookworm'), {
      add: [],
      remove: ['systemd-resolved'],
      kernelPackage: undefined,
      timezone: 'Etc/UTC',
      locale: 'C.UTF-8',
    });
    expect(mmdebstrapArguments(plan('bookworm', { packages }), PATHS)).toContain(
      '--customize-hook=chroot "$1" systemctl enable --quiet systemd-networkd systemd-timesyncd',
    );
  });

  it('uses all three pockets of a mirror, checked against the keyring', () => {
    const args = mmdebstrapArguments(
      plan('noble', {
        mirror: {
          archive: 'http://mirror.example/ubuntu',
          security: 'http://security.example/ubuntu',
        },
        keyring: '/keys/own.gpg',
      }),
      PATHS,
    );
    expect(args.slice(args.indexOf('noble'))).toEqual([
      'noble',
      '/build/rootfs.tar',
      'deb [signed-by="/keys/own.gpg"] http://mirror.example/ubuntu noble main universe',
      'deb [signed-by="/keys/own.gpg"] http://mirror.example/ubuntu noble-updates main universe',
      'deb [signed-by="/keys/own.gpg"] http://security.example/ubuntu noble-security main universe',
    ]);
    expect(args.join('\n')).not.toContain('--keyring=');
  });

  it("without a mirror, leaves the sources to mmdebstrap, with the profile's keyring", () => {
    const args = mmdebstrapArguments(plan('noble'), PATHS);
    expect(args.at(-1)).toBe('/build/rootfs.tar');
    expect(args).toContain('--keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg');
  });

  it('quotes paths for the hooks, which a shell reads', () => {
    const args = mmdebstrapArguments(plan('bookworm'), {
      ...PATHS,
      earlyOverlay: "/it's here/early.tar",
    });
    expect(args).toContain("--essential-hook=tar-in '/it'\\''s here/early.tar' /");
  });

  it('compiles a locale that libc does not include', () => {
    const args = mmdebstrapArguments(plan('bookworm', { locale: 'de_DE.UTF-8' }), PATHS);
    expect(args.join('\n')).toContain('localedef -i de_DE -f UTF-8 de_DE.UTF-8');
  });
});
