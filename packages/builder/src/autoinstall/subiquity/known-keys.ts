import * as z from 'zod';
import { autoinstallSchema } from './schema.ts';

type Node = {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
};

/** Keys of autoinstall that only installers after 24.04 support. */
export const NEWER_KEYS: readonly string[] = ['kernel-crash-dumps', 'zdevs'];

/** The keys that autoinstall has in 24.04. */
export const TOP_KEYS: readonly string[] = Object.keys(autoinstallSchema.shape);

/** Groups whose keys are all known, although the schema accepts others. */
const CLOSED_GROUPS = ['ssh', 'source', 'kernel', 'codecs', 'drivers', 'oem', 'ubuntu-pro'];

/** Computed once: a seed may have many keys that need it. */
let paths: readonly string[] | undefined;

/** Paths of keys, dotted, as advice on a misplaced key needs them. */
export function knownPaths(): readonly string[] {
  paths ??= pathsOf(
    z.toJSONSchema(autoinstallSchema, { unrepresentable: 'any' }) as Node,
    '',
  ).filter((path) => !path.startsWith('network.'));
  return paths;
}

/** The keys of a group that accepts no others; undefined for other groups. */
export function keysOfGroup(name: string): readonly string[] | undefined {
  return CLOSED_GROUPS.includes(name)
    ? knownPaths()
        .filter((path) => path.startsWith(`${name}.`))
        .map((path) => path.slice(name.length + 1))
    : undefined;
}

function pathsOf(node: Node, prefix: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    `${prefix}${key}`,
    ...pathsOf(child, `${prefix}${key}.`),
  ]);
}
