/** Folder on the ESP for programs that firmware starts by default (UEFI spec §3.5.1.1). */
export const BOOT_PROGRAM_FOLDER = '/EFI/BOOT';

/** An EFI program that boots a disk. `name` is its name on the ESP and in a slot. */
export interface BootProgram {
  readonly role: 'shim' | 'grub' | 'mokManager';
  readonly name: string;
  /**
   * Not booted: it receives the next program before the two are exchanged, and contains the
   * previous one afterwards. An 8.3 name in upper case needs only one directory entry.
   */
  readonly spare: string;
}

/** All of them. Their entries, including the spare ones, are in one sector of the folder. */
export const BOOT_PROGRAMS: readonly BootProgram[] = [
  { role: 'shim', name: 'BOOTX64.EFI', spare: 'BOOTX64.ALT' },
  { role: 'grub', name: 'grubx64.efi', spare: 'GRUBX64.ALT' },
  { role: 'mokManager', name: 'mmx64.efi', spare: 'MMX64.ALT' },
];
