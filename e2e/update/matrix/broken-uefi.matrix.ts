import { brokenUpdates } from '../broken-update.ts';

// Not kernel-corrupt: docs/explanation/boot-states.md, known limits. With Secure Boot GRUB finds out.
brokenUpdates('uefi', [
  'kernel-missing',
  'initrd-corrupt',
  'init-missing',
  'kernel-panics',
  'kernel-dies',
  'init-frozen',
  'unit-hangs',
  'health-hangs',
  'sshd-broken',
  'agent-missing',
]);
