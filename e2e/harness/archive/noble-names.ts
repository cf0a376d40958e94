/** noble's suite and pockets. */
export const NOBLE_SUITES = ['noble', 'noble-updates', 'noble-security'] as const;
export type NobleSuite = (typeof NOBLE_SUITES)[number];

export const NOBLE_COMPONENTS = ['main', 'universe'] as const;
export type NobleComponent = (typeof NOBLE_COMPONENTS)[number];

/** Directory on the ESP where noble's signed GRUB looks for grub.cfg. */
export const NOBLE_GRUB_DIRECTORY = '/EFI/ubuntu';

/** noble's packages that are built here → the Debian packages that replace them. */
const MADE_HERE: Readonly<Record<string, readonly string[]>> = {
  'linux-image-virtual': ['linux-image-cloud-amd64'],
  'busybox-initramfs': ['busybox'],
  'shim-signed': [],
  'grub-efi-amd64-signed': [],
  'ubuntu-keyring': [],
};

/** The Debian packages to download for packages named as on noble; sorted, without duplicates. */
export function debianNames(noblePackages: readonly string[]): readonly string[] {
  const all = [...Object.keys(MADE_HERE), ...ALWAYS, ...noblePackages];
  return [...new Set(all.flatMap((name) => MADE_HERE[name] ?? [name]))].sort();
}

/** Small packages of every image that have a newer version in only one pocket. */
export const NEWER_IN_POCKET = [
  { name: 'dosfstools', suite: 'noble-updates', component: 'universe' },
  { name: 'zstd', suite: 'noble-security', component: 'main' },
] as const;

/** The initramfs tools are edited, see stand-in-archive.ts; the others are in `NEWER_IN_POCKET`. */
const ALWAYS = ['initramfs-tools', ...NEWER_IN_POCKET.map(({ name }) => name)];

/** os-release of the stand-in: noble for programs, but its texts for people name the stand-in. */
export const OS_RELEASE = [
  'PRETTY_NAME="Stand-in for Ubuntu 24.04 (Debian packages)"',
  'NAME="Ubuntu"',
  'VERSION_ID="24.04"',
  'VERSION="24.04 (stand-in of Debian packages)"',
  'VERSION_CODENAME=noble',
  'ID=ubuntu',
  'ID_LIKE=debian',
  'UBUNTU_CODENAME=noble',
  '',
].join('\n');
