import { brokenUpdates } from './broken-update.ts';

/** Updates that GRUB rejects, and those that fail before systemd starts. */
brokenUpdates('bios', ['kernel-missing', 'kernel-corrupt', 'init-missing', 'kernel-panics']);
