import { brokenUpdates } from './broken-update.ts';

/** What GRUB finds out, and what dies before systemd does anything. */
brokenUpdates('bios', ['kernel-missing', 'kernel-corrupt', 'init-missing', 'kernel-panics']);
