/** A line on the console after which a machine will not finish booting. */
export interface BootFailure {
  readonly pattern: RegExp;
  /** What it means, a few words that follow "the machine ". */
  readonly meaning: string;
}

/** Lines that end {@link Console.waitFor} by default. */
export const BOOT_FAILURES: readonly BootFailure[] = [
  { pattern: /Kernel panic - not syncing/, meaning: 'had a kernel panic' },
  { pattern: /You are in emergency mode/, meaning: 'dropped into emergency mode' },
  {
    pattern: /Press Enter for maintenance|for system maintenance/,
    meaning: 'dropped into a rescue shell',
  },
  {
    pattern: /Cannot open access to console, the root account is locked/,
    meaning: 'dropped into a rescue shell',
  },
  { pattern: /^\(initramfs\)/, meaning: 'stopped in the initramfs' },
  {
    pattern: /Rebooting automatically due to panic= boot argument/,
    meaning: 'gave up in the initramfs',
  },
  { pattern: /grub rescue>/, meaning: "stopped at GRUB's rescue prompt" },
  { pattern: /^grub> ?$/, meaning: "stopped at GRUB's prompt" },
  { pattern: /No bootable option or device was found/, meaning: 'found nothing to boot' },
  { pattern: /UEFI Interactive Shell/, meaning: 'found nothing to boot' },
  { pattern: /^Verification failed: .*Security Violation/, meaning: 'was stopped by Secure Boot' },
];
