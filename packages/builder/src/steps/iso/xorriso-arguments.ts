/** A file or directory of this host, and its path on the ISO. */
export interface IsoEntry {
  /** Absolute, on the ISO. */
  readonly path: string;
  readonly file: string;
}

export interface XorrisoOptions {
  readonly entries: readonly IsoEntry[];
  /** At most 32 characters. */
  readonly volumeId: string;
  /** `YYYYMMDDhhmmsscc`: the UUID of the file system. */
  readonly uuidDigits: string;
  readonly diskGuid: string;
  /** First sectors, which boot a USB stick by BIOS: GRUB's boot_hybrid.img. */
  readonly hybrid: string;
  /** EFI system partition. */
  readonly efi: string;
  readonly sourceDateEpoch: number;
  readonly output: string;
}

/** On the ISO; El Torito's, for BIOS. */
export const ELTORITO_PATH = '/boot/grub/i386-pc/eltorito.img';

/** GPT type of an EFI system partition and of plain data, as xorriso writes them: bytes in hex. */
const TYPE = {
  esp: '28732ac11ff8d211ba4b00a0c93ec93b',
  data: 'a2a0d0ebe5b9334487c068b6b72699c7',
} as const;

/**
 * The command line that makes an ISO that boots from a DVD (El Torito) and, written unchanged, from
 * a USB stick (GPT with a protective MBR), by BIOS and UEFI. The layout is the same as Ubuntu's.
 */
export function xorrisoArguments(options: XorrisoOptions): readonly string[] {
  return [
    // Ignores the user's settings.
    ...['-no_rc', '-as', 'mkisofs'],
    // Rock Ridge with everything world-readable and owned by root; files of 4 GiB and more.
    ...['-r', '-iso-level', '3', '-V', options.volumeId],
    `--modification-date=${options.uuidDigits}`,
    ...['--set_all_file_dates', `=${options.sourceDateEpoch}`],
    ...['--gpt_disk_guid', options.diskGuid],
    ...['--grub2-mbr', options.hybrid, '--protective-msdos-label', '--mbr-force-bootable'],
    ...['-partition_cyl_align', 'off', '-partition_offset', '16'],
    ...['-append_partition', '2', TYPE.esp, options.efi, '-appended_part_as_gpt'],
    ...['-iso_mbr_part_type', TYPE.data],
    ...['-c', '/boot.catalog', '-b', ELTORITO_PATH],
    ...['-no-emul-boot', '-boot-load-size', '4', '-boot-info-table', '--grub2-boot-info'],
    ...['-eltorito-alt-boot', '-e', '--interval:appended_partition_2:all::', '-no-emul-boot'],
    ...['-o', options.output, '-graft-points'],
    ...options.entries.map(({ path, file }) => `${escaped(path)}=${escaped(file)}`),
  ];
}

function escaped(path: string): string {
  return path.replaceAll(/[\\=]/g, '\\$&');
}
