/** Folder on the ESP of the programs that firmware starts on its own (UEFI spec §3.5.1.1). */
export const BOOT_PROGRAM_FOLDER = '/EFI/BOOT';

/** An EFI program that boots a disk. Names are those on the ESP and, for `name`, in a slot. */
export interface BootProgram {
  readonly role: 'shim' | 'grub' | 'mokManager';
  readonly name: string;
  /**
   * Boots nothing: it takes the next program before the two are exchanged, and holds the one before
   * afterwards. An 8.3 name in upper case, which needs one directory entry only.
   */
  readonly spare: string;
}

/** All of them. Their entries, spare ones too, lie in one sector of the folder. */
export const BOOT_PROGRAMS: readonly BootProgram[] = [
  { role: 'shim', name: 'BOOTX64.EFI', spare: 'BOOTX64.ALT' },
  { role: 'grub', name: 'grubx64.efi', spare: 'GRUBX64.ALT' },
  { role: 'mokManager', name: 'mmx64.efi', spare: 'MMX64.ALT' },
];
