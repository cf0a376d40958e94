import { brokenUpdates } from '../broken-update.ts';

// The others are in ../broken-*-bios.e2e.ts. These take long, and CI covers the same in another way: real GRUB
// refuses such an initrd in ../../grub-states/boots.e2e.ts; a check that hangs ends as one that fails
// (executables.test.ts of the agent).
brokenUpdates('bios', ['unit-hangs', 'health-hangs', 'initrd-corrupt']);
