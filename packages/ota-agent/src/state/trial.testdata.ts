import type { TrialRecord } from './trial.ts';

/** An update that was armed in slot B by slot A. */
export const TRIAL: TrialRecord = {
  schema: 1,
  kind: 'update',
  slot: 'B',
  version: '2.0.0',
  buildId: 'def',
  manifestSha256: 'b'.repeat(64),
  rollbackIndex: 3,
  fromSlot: 'A',
  fromVersion: '0.1.0',
  armedAt: '2030-01-01T00:00:00.000Z',
  bootId: '22222222-2222-4222-8222-222222222222',
  tries: 1,
  deadlineSeconds: 300,
  baseline: { units: ['ssh.service'], defaultRoute: true, sshd: true, hosts: [] },
};
