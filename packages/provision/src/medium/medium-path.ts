/** Files of an installation medium, from its root. */
export const MediumPath = {
  directory: '/micro-linux',
  /** What is on it: `installManifestSchema`. Written last: without it, it is no medium. */
  manifest: '/micro-linux/install.json',
  /** Signatures of the manifest's bytes, in a file of one length. */
  signatures: '/micro-linux/install.sig',
  update: '/micro-linux/update.img',
  /** The ESP's image, zstd; the second one for disks with sectors of 4096 bytes. */
  esp: '/micro-linux/esp.img.zst',
  esp4k: '/micro-linux/esp-4k.img.zst',
  /** The first 440 bytes of sector 0. */
  bootCode: '/micro-linux/boot-code.img',
  /** GRUB's core.img, for the first sector of the BIOS boot partition. */
  core: '/micro-linux/core.img',
  /** Public keys, `*.pem`, that the update is signed by. */
  keys: '/micro-linux/keys',
  /** The live system; only on our own ISO. */
  live: '/micro-linux/live',
  /** Holds one file, {@link LIVE_SLOT_FILE}. */
  liveRoot: '/micro-linux/live/root.squashfs',
  liveKernel: '/micro-linux/live/vmlinuz',
  liveInitrd: '/micro-linux/live/initrd.img',
  /** The program for Ubuntu's live system (sh), with what it needs; only on a remastered ISO. */
  program: '/micro-linux/install',
  node: '/micro-linux/node',
  agent: '/micro-linux/ota-agent.mjs',
  /** The seed: for our own installer and Subiquity, and for cloud-init's NoCloud. */
  seed: '/autoinstall.yaml',
  nocloud: '/nocloud',
  userData: '/nocloud/user-data',
  metaData: '/nocloud/meta-data',
} as const;

/** Name of the slot's image within the live system's squashfs. */
export const LIVE_SLOT_FILE = 'slot.ext4';

/** Where a running live system shows its medium. */
export const MEDIUM_DIRECTORY = '/cdrom';

/** Where commands of a seed find the installed system, as in Ubuntu's installer. */
export const INSTALL_TARGET = '/target';
