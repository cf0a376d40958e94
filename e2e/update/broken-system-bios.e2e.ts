import { brokenUpdates } from './broken-update.ts';

/** Updates that fail only once the new system runs. */
brokenUpdates('bios', ['init-frozen', 'health-fails', 'sshd-broken', 'agent-missing']);
