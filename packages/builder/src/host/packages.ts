import type { Profile } from '../profiles/profile.ts';
import { VENDORS } from '../profiles/vendors.ts';

/** What a host package is needed for: building an image, booting one (`vm`, `test`), our tests. */
export type HostNeed = 'build' | 'boot' | 'tests';

/** A package of the host, and the files that show that it is installed. */
export interface HostPackage {
  readonly name: string;
  readonly need: HostNeed;
  /** What we use it for, for display. */
  readonly purpose: string;
  /** Programs (plain names, looked up on PATH) and files (absolute paths) it provides. */
  readonly provides: readonly string[];
  /** Set if only images of this vendor need it. */
  readonly vendor?: Profile['vendor'];
}

/**
 * The packages that provide the programs and files we use on the host. This is the only such list.
 * The names are the same on Debian and Ubuntu.
 */
export const HOST_PACKAGES: readonly HostPackage[] = [
  build('mmdebstrap', 'makes the root file system', ['mmdebstrap']),
  build('uidmap', 'maps a range of user ids without root', ['newuidmap', 'newgidmap']),
  build('util-linux', 'enters a user namespace', ['unshare']),
  build('fdisk', 'writes partition tables', ['sfdisk']),
  build('dosfstools', 'makes and checks the EFI system partition', ['mkfs.vfat', 'fsck.vfat']),
  build('mtools', 'fills the EFI system partition without a mount', ['mcopy', 'mmd']),
  build('e2fsprogs', 'makes and checks ext4', ['mke2fs', 'e2fsck', 'debugfs']),
  build('qemu-utils', 'writes qcow2', ['qemu-img']),
  build('grub-common', 'makes the GRUB images', ['grub-mkimage']),
  build('grub-pc-bin', 'GRUB for BIOS', [
    '/usr/lib/grub/i386-pc/boot.img',
    '/usr/lib/grub/i386-pc/boot_hybrid.img',
  ]),
  build('grub-efi-amd64-bin', 'GRUB for UEFI', ['/usr/lib/grub/x86_64-efi/moddep.lst']),
  build('squashfs-tools', 'packs the live system of an ISO', ['mksquashfs']),
  build('xorriso', 'writes and reads ISOs', ['xorriso']),
  build('openssl', 'hashes the password', ['openssl']),
  build('openssh-client', 'makes host keys, connects to a machine', ['ssh', 'ssh-keygen']),
  build('tar', 'unpacks the root file system', ['tar']),
  build('dpkg', 'unpacks packages', ['dpkg-deb']),
  build('apt', 'resolves and fetches packages', ['apt-get']),
  build('gpg', 'lets mmdebstrap find the key of a suite', ['gpg']),
  build('gpgv', 'checks signatures of archives', ['gpgv']),
  build('zstd', 'unpacks packages and kernels', ['zstd']),
  build('xz-utils', 'unpacks packages', ['xz']),
  build('binutils', "strips the device's Node", ['strip']),
  build('distro-info-data', 'gives mmdebstrap the names of suites', [
    '/usr/share/distro-info/debian.csv',
    '/usr/share/distro-info/ubuntu.csv',
  ]),
  keyring('debian', "Debian's archive keys"),
  keyring('ubuntu', "Ubuntu's archive keys"),
  build('ca-certificates', 'lets apt use https mirrors', ['/etc/ssl/certs/ca-certificates.crt']),
  boot('qemu-system-x86', 'boots an image', ['qemu-system-x86_64']),
  boot('ovmf', 'UEFI firmware for QEMU', [
    '/usr/share/OVMF/OVMF_CODE_4M.fd',
    '/usr/share/OVMF/OVMF_VARS_4M.fd',
  ]),
  tests('chromium', 'opens the documentation', ['/usr/bin/chromium']),
  tests('bash-completion', 'loads our completion for bash', [
    '/usr/share/bash-completion/bash_completion',
  ]),
  tests('zsh', 'reads our completion', ['zsh']),
  tests('fish', 'reads our completion', ['fish']),
  tests('mandoc', 'judges our manual pages', ['mandoc']),
  tests('apt-utils', 'indexes the stand-in archive', ['apt-ftparchive']),
  tests('kmod', 'reads module settings as a device does', ['modprobe']),
  tests('gdisk', 'a second opinion on partition tables', ['sgdisk']),
  tests('sudo', 'judges the rules of users', ['visudo']),
  tests('netplan.io', 'judges networks as the installer does', ['/usr/libexec/netplan/generate']),
  tests('wpasupplicant', 'reads Wi-Fi settings as a device does', ['wpa_supplicant']),
  tests('python3-yaml', 'reads seeds as the installer does', [
    '/usr/lib/python3/dist-packages/yaml/__init__.py',
  ]),
];

function build(name: string, purpose: string, provides: readonly string[]): HostPackage {
  return { name, need: 'build', purpose, provides };
}

function keyring(vendor: Profile['vendor'], purpose: string): HostPackage {
  const { keyringPackage, keyring: file } = VENDORS[vendor];
  return { ...build(keyringPackage, purpose, [file]), vendor };
}

function boot(name: string, purpose: string, provides: readonly string[]): HostPackage {
  return { name, need: 'boot', purpose, provides };
}

function tests(name: string, purpose: string, provides: readonly string[]): HostPackage {
  return { name, need: 'tests', purpose, provides };
}
