import { brokenUpdates } from './broken-update.ts';

/** What only shows once the new system runs. */
brokenUpdates('bios', ['init-frozen', 'health-fails', 'sshd-broken', 'agent-missing']);
