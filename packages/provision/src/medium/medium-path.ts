/** Files of an installation medium, relative to its root. */
export const MediumPath = {
  directory: '/micro-linux',
  /**
   * Describes the medium (`installManifestSchema`). Written last: a medium needs it to be
   * valid.
   */
  manifest: '/micro-linux/install.json',
  /** Signatures of the manifest's bytes, in a file of fixed length. */
  signatures: '/micro-linux/install.sig',
  update: '/micro-linux/update.img',
  /** The ESP's image, zstd; the second one is for disks with sectors of 4096 bytes. */
  esp: '/micro-linux/esp.img.zst',
  esp4k: '/micro-linux/esp-4k.img.zst',
  /** The first 440 bytes of sector 0. */
  bootCode: '/micro-linux/boot-code.img',
  /** GRUB's core.img; starts at the first sector of the BIOS boot partition. */
  core: '/micro-linux/core.img',
  /** Public keys, `*.pem`, that verify the update. */
  keys: '/micro-linux/keys',
  /** The live system; only on our own ISO. */
  live: '/micro-linux/live',
  /** Contains only {@link LIVE_SLOT_FILE}. */
  liveRoot: '/micro-linux/live/root.squashfs',
  liveKernel: '/micro-linux/live/vmlinuz',
  liveInitrd: '/micro-linux/live/initrd.img',
  /** The program for Ubuntu's live system (sh) and its files; only on a remastered ISO. */
  program: '/micro-linux/install',
  node: '/micro-linux/node',
  agent: '/micro-linux/ota-agent.mjs',
  /** The seed: for our own installer, for Subiquity, and for cloud-init's NoCloud. */
  seed: '/autoinstall.yaml',
  nocloud: '/nocloud',
  userData: '/nocloud/user-data',
  metaData: '/nocloud/meta-data',
} as const;

/** Name of the slot's image in the live system's squashfs. */
export const LIVE_SLOT_FILE = 'slot.ext4';

/** Where a running live system mounts its medium. */
export const MEDIUM_DIRECTORY = '/cdrom';

/** Where the commands of a seed find the installed system, as in Ubuntu's installer. */
export const INSTALL_TARGET = '/target';
