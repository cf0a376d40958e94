import { formatKeyPath, type KeyPath } from '@micro-linux/provision';
import { stringify } from 'yaml';
import { VARIABLES } from './environment.ts';
import { CONFIG_FLAGS } from './flags.ts';
import { keyInfo } from './key-info.ts';
import type { Origin } from './origin.ts';

/** How to set a key in the place where it was set or requested: `PREFIX=24`. */
export function exampleOf(path: KeyPath, origin: Origin): string {
  const info = keyInfo(path);
  if (info?.properties) {
    return `its keys below it, indented: ${Object.keys(info.properties).join(', ')}`;
  }
  const inList = typeof path.at(-1) === 'number';
  const value = inList
    ? inside(path)[0]
    : (info?.examples?.[0] ?? info?.default ?? inside(path)[0]);
  if (value === undefined) {
    return 'it as docs/reference/config.md shows';
  }
  const text = [value].flat().join(',');
  if (origin.kind === 'environment') {
    const variable = VARIABLES.find((known) => isSamePath(known.path, path));
    if (variable) {
      return `${variable.name}=${text}`;
    }
  }
  if (origin.kind === 'flag') {
    const flag =
      CONFIG_FLAGS.find((known) => isSamePath(known.path, path)) ??
      CONFIG_FLAGS.find((known) => isSamePath(known.path, path.slice(0, -1)));
    if (flag) {
      return flag.value === undefined ? flag.flag : `${flag.flag} ${text}`;
    }
  }
  const yaml = stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false }).trim();
  return inList ? `- ${yaml}` : `${path.at(-1)}: ${yaml}`;
}

/** The example's values of the list or table in which a value is. */
function inside(path: KeyPath): readonly unknown[] {
  const { examples = [], default: usual } = keyInfo(path.slice(0, -1)) ?? {};
  const example: unknown = examples[0] ?? usual;
  return typeof example === 'object' && example !== null ? Object.values(example) : [];
}

function isSamePath(one: KeyPath, other: KeyPath): boolean {
  return formatKeyPath(one) === formatKeyPath(other);
}
