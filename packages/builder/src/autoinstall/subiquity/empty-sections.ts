import type { Group } from '@micro-linux/provision';

/**
 * Sections that Subiquity treats as missing if they are null, whatever its schema says: it validates only
 * what is there. Null ends the installation in the others, and in `debconf-selections`, which reaches
 * curtin. `proxy` may be null by the schema.
 */
const MAY_BE_EMPTY: readonly string[] = [
  ...['active-directory', 'apt', 'codecs', 'drivers', 'identity', 'kernel', 'keyboard', 'network'],
  ...['refresh-installer', 'reporting', 'shutdown', 'source', 'ssh', 'storage', 'timezone'],
  ...['ubuntu-advantage', 'ubuntu-pro', 'user-data'],
];

/** The sections of an autoinstall that Subiquity treats as missing. */
export function emptySections(autoinstall: Group): readonly string[] {
  return MAY_BE_EMPTY.filter((key) => Object.hasOwn(autoinstall, key) && autoinstall[key] === null);
}

/** An autoinstall as Subiquity validates it. */
export function withoutEmptySections(autoinstall: Group): Group {
  const empty = emptySections(autoinstall);
  return Object.fromEntries(Object.entries(autoinstall).filter(([key]) => !empty.includes(key)));
}
