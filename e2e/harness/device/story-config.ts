/** Of all images, so that there is a lower one. */
const ROLLBACK_INDEX = 1;

/** What differs between the images of the stories. */
export interface StoryVersion {
  readonly version: string;
  readonly packages?: readonly string[];
  readonly kernelArguments?: readonly string[];
}

/**
 * micro-linux.yaml of a story's image: the product as it is, made small and quick to boot where QEMU
 * has to translate every instruction.
 */
export function storyConfig(image: StoryVersion, sshKey: string): string {
  // JSON is YAML too.
  return JSON.stringify({
    profile: 'bookworm',
    version: image.version,
    packages: { add: image.packages ?? [], remove: UNUSED_PACKAGES },
    kernel: { arguments: [...QUICK_KERNEL_ARGUMENTS, ...(image.kernelArguments ?? [])] },
    user: { sshKeys: [sshKey] },
    disk: { size: '3G', slot: '768M' },
    // No tty0: each letter on the emulated screen costs time.
    console: ['ttyS0,115200'],
    prune: { paths: UNUSED_MODULES.map((path) => `/lib/modules/*/kernel/${path}/*`) },
    update: {
      signingKey: 'keys/signing.pem',
      trustedKeys: ['keys/signing.pub.pem'],
      compressionLevel: 1,
      rollbackIndex: ROLLBACK_INDEX,
    },
  });
}

/** Each costs seconds of every boot, or of every login. */
const UNUSED_PACKAGES = ['libpam-systemd', 'systemd-resolved', 'systemd-timesyncd'];

/** Make a boot quick where QEMU translates every instruction. */
export const QUICK_KERNEL_ARGUMENTS = [
  // No processor here has these flaws, and retpolines are slow to translate.
  'mitigations=off',
  'audit=0',
  // Code at the same addresses in all processes is translated once: a third of a boot's time.
  'norandmaps',
];

/** Of Debian's cloud kernel: what no machine of the stories has. */
const UNUSED_MODULES = [
  'sound',
  'drivers/gpu',
  'drivers/infiniband',
  'drivers/md',
  'drivers/media',
  'drivers/net/ethernet',
  'drivers/net/wireguard',
  'drivers/nvme',
  'drivers/scsi',
  'drivers/target',
  'drivers/usb',
  'drivers/hid',
  'drivers/hv',
  'drivers/xen',
  'arch/x86/kvm',
  'arch/x86/crypto',
  'fs/btrfs',
  'fs/ceph',
  'fs/cifs',
  'fs/f2fs',
  'fs/gfs2',
  'fs/nfs',
  'fs/nfsd',
  'fs/ocfs2',
  'fs/smb',
  'fs/ubifs',
  'fs/xfs',
  'net/bluetooth',
  'net/ceph',
  'net/netfilter',
  'net/openvswitch',
  'net/sunrpc',
  'net/sctp',
  'net/tipc',
];
