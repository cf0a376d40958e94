import { posix } from 'node:path';
import { nearest } from '../../config/suggest.ts';

/** Owner of a path by the table of the config: the last line that matches it or a directory above. */
export function ownerOf(
  path: string,
  owners: Readonly<Record<string, string>>,
): string | undefined {
  return Object.entries(owners).findLast(([pattern]) => isOwned(path, pattern))?.[1];
}

/** Whether a line of the table is about a path: it, or a directory above it, matches. */
export function isOwned(path: string, pattern: string): boolean {
  for (let at = path; at !== '/'; at = posix.dirname(at)) {
    if (posix.matchesGlob(at, pattern)) {
      return true;
    }
  }
  return pattern === '/';
}

/** The accounts of an image. */
export interface Accounts {
  /** passwd(5). */
  readonly passwd: string;
  /** group(5). */
  readonly group: string;
}

export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** Turns the names of owners into ids. */
export interface OwnerIds {
  /**
   * The ids of `user`, which has its primary group, `user:group`, or numbers. A number alone is the
   * id of the group, too, unless the image has that user.
   *
   * @returns a text: what is wrong with it, continuing the owner.
   */
  readonly of: (owner: string) => Ids | string;
  /** The name of the user whose home contains a path: `ops` for `/home/ops/.profile`. */
  readonly ofHome: (path: string) => string | undefined;
}

export function ownerIds({ passwd, group }: Accounts): OwnerIds {
  const users = table(passwd, 3);
  const groups = table(group, 2);
  const find = (name: string, kind: string, known: ReadonlyMap<string, Ids>) => {
    const found = known.get(name);
    if (found) {
      return found;
    }
    const suggestion = nearest(name, [...known.keys()]);
    const hint = suggestion === undefined ? '' : `: did you mean ${suggestion}?`;
    return `the image has no ${kind} ${name}${hint}`;
  };
  const userIds = (user: string): Ids | string => {
    if (!/^\d+$/.test(user)) {
      return find(user, 'user', users);
    }
    const uid = Number(user);
    return { uid, gid: [...users.values()].find((ids) => ids.uid === uid)?.gid ?? uid };
  };
  return {
    of(owner) {
      const [user = '', groupName] = owner.split(':');
      const ids = userIds(user);
      if (groupName === undefined || typeof ids === 'string') {
        return ids;
      }
      if (/^\d+$/.test(groupName)) {
        return { uid: ids.uid, gid: Number(groupName) };
      }
      const found = find(groupName, 'group', groups);
      return typeof found === 'string' ? found : { uid: ids.uid, gid: found.gid };
    },
    ofHome(path) {
      const name = /^\/home\/([^/]+)/.exec(path)?.[1];
      return name !== undefined && users.has(name) ? name : undefined;
    },
  };
}

/** Ids by name; the group's id is in field `gidField`, and the id itself in the third. */
function table(text: string, gidField: number): ReadonlyMap<string, Ids> {
  return new Map(
    text
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length > gidField)
      .map((fields) => [
        fields[0] ?? '',
        { uid: Number(fields[2]), gid: Number(fields[gidField]) },
      ]),
  );
}
