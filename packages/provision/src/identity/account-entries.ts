import type { TreeEntry } from '../tree/tree-entry.ts';
import type { AccountFiles } from './accounts.ts';

/**
 * The account files as entries of a tree: hashes can be read by root and the group shadow only.
 *
 * @param directory the `etc` that they go into.
 */
export function accountEntries(files: AccountFiles, directory: string): readonly TreeEntry[] {
  const hidden = { mode: 0o640, gid: groupId(files.group, 'shadow') };
  const file = (name: string, content: string) =>
    ({ kind: 'file', path: `${directory}/${name}`, content }) as const;
  return [
    file('passwd', files.passwd),
    file('group', files.group),
    { ...file('shadow', files.shadow), ...hidden },
    { ...file('gshadow', files.gshadow), ...hidden },
  ];
}

/** The id of a group in group(5) text; 0 (root) if it is missing. */
function groupId(group: string, name: string): number {
  const line = group.split('\n').find((candidate) => candidate.startsWith(`${name}:`));
  return Number(line?.split(':')[2] ?? 0);
}
