import { QUICK_KERNEL_ARGUMENTS } from '../device/story-config.ts';

/** Settings of an installer that a story changes, as in micro-linux.yaml. */
export interface InstallerSettings {
  /** 1.0.0 by default. */
  readonly version?: string;
  readonly hostname?: string;
  readonly network?: object;
  readonly install?: object;
  readonly disk?: object;
  readonly user?: object;
  /** Any other keys. */
  readonly product?: object;
}

/**
 * micro-linux.yaml of an image that is installed from an ISO: Debian's kernel for machines, as that
 * of clouds reads neither a DVD on SATA nor a stick; small and quick to boot where QEMU has to
 * translate every instruction.
 */
export function installerConfig(
  sshKey: string,
  { product, ...settings }: InstallerSettings,
): string {
  // JSON is YAML too.
  return JSON.stringify({
    profile: 'bookworm',
    version: '1.0.0',
    packages: { remove: ['libpam-systemd', 'systemd-resolved', 'systemd-timesyncd'] },
    kernel: { package: 'linux-image-amd64', arguments: QUICK_KERNEL_ARGUMENTS },
    // No tty0: each letter on the emulated screen costs time.
    console: ['ttyS0,115200'],
    prune: { paths: UNUSED_MODULES.map((path) => `/lib/modules/*/kernel/${path}/*`) },
    update: {
      signingKey: 'keys/signing.pem',
      trustedKeys: ['keys/signing.pub.pem'],
      compressionLevel: 1,
    },
    ...settings,
    ...product,
    user: { sshKeys: [sshKey], ...settings.user },
    disk: { size: '3G', slot: '768M', esp: '64M', ...settings.disk },
    install: { countdownSeconds: 2, ...settings.install },
  });
}

/** What no machine of the stories has. */
const UNUSED_MODULES = [
  'sound',
  ...[
    ...['accel', 'bluetooth', 'char/pcmcia', 'comedi', 'crypto', 'dax', 'edac', 'extcon'],
    ...['firewire', 'gpio', 'gpu', 'hid', 'hv', 'hwmon', 'i2c', 'iio', 'infiniband', 'isdn'],
    ...['leds', 'md', 'media', 'memstick', 'message', 'mfd', 'mmc', 'mtd', 'ntb', 'nvdimm'],
    ...['net/can', 'net/dsa', 'net/ethernet', 'net/hamradio', 'net/ieee802154', 'net/phy'],
    ...['net/usb', 'net/wan', 'net/wireguard', 'net/wireless', 'parport', 'pcmcia', 'platform'],
    ...['power', 'rtc', 'staging', 'target', 'thunderbolt', 'usb/gadget', 'usb/misc'],
    ...['usb/serial', 'vfio', 'vhost', 'video', 'w1', 'xen'],
  ].map((name) => `drivers/${name}`),
  ...['arch/x86/crypto', 'arch/x86/kvm'],
  ...[
    ...['9p', 'afs', 'btrfs', 'ceph', 'cifs', 'dlm', 'f2fs', 'gfs2', 'jffs2', 'jfs', 'lockd'],
    ...['nfs', 'nfsd', 'nilfs2', 'ntfs3', 'ocfs2', 'orangefs', 'reiserfs', 'smb', 'ubifs', 'udf'],
    'xfs',
  ].map((name) => `fs/${name}`),
  ...[
    ...['atm', 'ax25', 'batman-adv', 'bluetooth', 'can', 'ceph', 'dccp', 'ieee802154'],
    ...['mac80211', 'mac802154', 'netfilter', 'nfc', 'openvswitch', 'rds', 'rxrpc', 'sctp'],
    ...['sunrpc', 'tipc', 'wireless'],
  ].map((name) => `net/${name}`),
];
