import { basename } from 'node:path';

/** The media an ISO can be booted from, according to its kernel's drivers. */
export interface LiveKernel {
  /** Media that the live system can read. */
  readonly media: readonly string[];
  /** Media that it cannot read, with the missing drivers. */
  readonly unreadable: readonly { readonly media: string; readonly missing: readonly string[] }[];
  /** Missing drivers without which no live system starts. */
  readonly missing: readonly string[];
}

/** To find the root on any medium. */
const ALWAYS = ['isofs', 'squashfs', 'loop', 'overlay', 'ext4'];

/** For each kind of medium: drivers that are all required. */
const MEDIA: readonly (readonly [media: string, drivers: readonly string[]])[] = [
  ['a DVD drive on SATA', ['ahci', 'sr_mod']],
  ['a DVD drive on IDE', ['ata_piix', 'sr_mod']],
  ['a USB stick', ['xhci_pci', 'usb_storage', 'sd_mod']],
  ["Hyper-V's DVD drive", ['hv_storvsc', 'sr_mod']],
  ["a virtio-scsi DVD drive (QEMU's)", ['virtio_scsi', 'sr_mod']],
  ["a virtio disk (QEMU's)", ['virtio_blk']],
];

/**
 * Determines from the files of a slot which media its kernel can read.
 *
 * @param paths of all files.
 * @param builtin text of the kernel's modules.builtin.
 */
export function liveKernel(paths: Iterable<string>, builtin: string): LiveKernel {
  const drivers = new Set(builtin.split('\n').map(driverName));
  for (const path of paths) {
    if (/\.ko(\.(gz|xz|zst))?$/.test(path)) {
      drivers.add(driverName(path));
    }
  }
  const lacking = (names: readonly string[]) => names.filter((name) => !drivers.has(name));
  const judged = MEDIA.map(([media, names]) => ({ media, missing: lacking(names) }));
  return {
    media: judged.filter(({ missing }) => missing.length === 0).map(({ media }) => media),
    unreadable: judged.filter(({ missing }) => missing.length > 0),
    missing: lacking(ALWAYS),
  };
}

/** The kernel's spelling: file names may have `-` for `_`, and vice versa. */
function driverName(path: string): string {
  return basename(path.trim())
    .replace(/\.ko(\..*)?$/, '')
    .replaceAll('-', '_');
}
