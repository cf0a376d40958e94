import { basename } from 'node:path';

/** Where an ISO can be booted from, by the drivers of the kernel that is on it. */
export interface LiveKernel {
  /** Media that the live system can read. */
  readonly media: readonly string[];
  /** Media that it cannot, with the drivers that are missing. */
  readonly unreadable: readonly { readonly media: string; readonly missing: readonly string[] }[];
  /** Drivers without which no live system starts at all. */
  readonly missing: readonly string[];
}

/** To find the root on any medium. */
const ALWAYS = ['isofs', 'squashfs', 'loop', 'overlay', 'ext4'];

/** Of each kind of medium: drivers that all have to be there. */
const MEDIA: readonly (readonly [media: string, drivers: readonly string[]])[] = [
  ['a DVD drive on SATA', ['ahci', 'sr_mod']],
  ['a DVD drive on IDE', ['ata_piix', 'sr_mod']],
  ['a USB stick', ['xhci_pci', 'usb_storage', 'sd_mod']],
  ["Hyper-V's DVD drive", ['hv_storvsc', 'sr_mod']],
  ["a virtio-scsi DVD drive (QEMU's)", ['virtio_scsi', 'sr_mod']],
  ["a virtio disk (QEMU's)", ['virtio_blk']],
];

/**
 * Tells from the files of a slot what its kernel can read when it starts.
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

/** As the kernel spells it: files have `-` where names have `_`, and the other way round. */
function driverName(path: string): string {
  return basename(path.trim())
    .replace(/\.ko(\..*)?$/, '')
    .replaceAll('-', '_');
}
