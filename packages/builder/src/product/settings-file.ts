import type { TreeEntry } from '@micro-linux/provision';

const HEADER = '# Written by micro-linux from the config of the image: docs/guides/services.md.\n';

/** A file of settings in the slot, with a first line that says where it comes from. */
export function settingsFile(path: string, lines: readonly string[]): TreeEntry {
  return { kind: 'file', path, content: `${HEADER}${lines.map((line) => `${line}\n`).join('')}` };
}

/** A folder for drop-ins, and one file in it. */
export function dropIn(folder: string, name: string, lines: readonly string[]): TreeEntry[] {
  return [{ kind: 'directory', path: folder }, settingsFile(`${folder}/${name}`, lines)];
}
