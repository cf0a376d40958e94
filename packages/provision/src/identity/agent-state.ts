import type { TreeEntry } from '../tree/tree-entry.ts';

/** Directory of the agent's state, from the root of the data partition. */
export const STATE_DIRECTORY = '/var/lib/ota-agent';

/**
 * The agent's state on a newly built disk: the content of slot A and the rollback index.
 *
 * @param slotHead file with manifest and signatures of slot A's image.
 */
export function agentState(slotHead: string, rollbackIndex: number): TreeEntry[] {
  return [
    { kind: 'directory', path: '/var/lib' },
    { kind: 'directory', path: STATE_DIRECTORY, mode: 0o700 },
    { kind: 'directory', path: `${STATE_DIRECTORY}/slots`, mode: 0o700 },
    {
      kind: 'file',
      path: `${STATE_DIRECTORY}/slots/A.head`,
      mode: 0o600,
      content: { from: slotHead },
    },
    {
      kind: 'file',
      path: `${STATE_DIRECTORY}/rollback-index`,
      mode: 0o600,
      content: `${rollbackIndex}\n`,
    },
  ];
}
