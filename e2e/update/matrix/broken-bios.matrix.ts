import { brokenUpdates } from '../broken-update.ts';

// The others are in ../broken-*-bios.e2e.ts. This one waits for minutes.
brokenUpdates('bios', ['unit-hangs']);
