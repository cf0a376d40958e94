import type { TreeEntry } from '../tree/tree-entry.ts';

/** Where the agent keeps what it knows, from the root of the data partition. */
export const STATE_DIRECTORY = '/var/lib/ota-agent';

/**
 * What the agent knows of a disk fresh from the build: what slot A holds, and that no older image
 * may follow.
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
