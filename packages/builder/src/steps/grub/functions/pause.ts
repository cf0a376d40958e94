/** Seconds that messages are shown before GRUB reboots or continues. */
export const PAUSE_SECONDS = 10;
