/** Seconds that messages stay before GRUB reboots or goes on by itself. */
export const PAUSE_SECONDS = 10;
