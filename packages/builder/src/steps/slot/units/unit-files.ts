import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What a root file system has under the name of a unit. */
export type UnitFile =
  | {
      readonly kind: 'file';
      /** With its drop-ins. */
      readonly text: string;
    }
  | { readonly kind: 'alias'; readonly target: string }
  | { readonly kind: 'mask' };

/** A link in a `.wants`, `.requires` or `.upholds` folder: `from` starts `to`. */
export interface UnitLink {
  readonly from: string;
  readonly to: string;
}

/** The units of a root file system. */
export interface UnitFiles {
  readonly units: ReadonlyMap<string, UnitFile>;
  readonly links: readonly UnitLink[];
  /** Scripts in /etc/init.d, which systemd makes services of. */
  readonly scripts: ReadonlySet<string>;
}

/** Folders with units of the system, the most important last (systemd.unit(5)). */
const FOLDERS = ['usr/lib/systemd/system', 'usr/local/lib/systemd/system', 'etc/systemd/system'];

/**
 * Reads the units below the root `tree`. Needs no rights: a file that others may not read counts as one
 * without text.
 */
export async function readUnitFiles(tree: string): Promise<UnitFiles> {
  const units = new Map<string, UnitFile>();
  const dropIns = new Map<string, string>();
  const links: UnitLink[] = [];
  for (const folder of FOLDERS.map((path) => join(tree, path))) {
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      const [, owner, kind] = /^(.+)\.(wants|requires|upholds|d)$/.exec(entry.name) ?? [];
      if (owner === undefined) {
        units.set(entry.name, await unitFile(tree, path, entry.isSymbolicLink()));
      } else if (kind === 'd') {
        dropIns.set(owner, `${dropIns.get(owner) ?? ''}${await dropInText(path)}`);
      } else {
        const names = (await entriesOf(path)).map(({ name }) => name);
        links.push(...names.map((to) => ({ from: owner, to })));
      }
    }
  }
  for (const [name, text] of dropIns) {
    const unit = units.get(name);
    if (unit?.kind === 'file') {
      units.set(name, { kind: 'file', text: `${unit.text}\n${text}` });
    }
  }
  const scripts = (await entriesOf(join(tree, 'etc/init.d'))).map(({ name }) => name);
  return { units, links, scripts: new Set(scripts) };
}

async function unitFile(tree: string, path: string, isLink: boolean): Promise<UnitFile> {
  if (!isLink) {
    const text = await textOf(path);
    return text === '' ? { kind: 'mask' } : { kind: 'file', text: text ?? '' };
  }
  const target = await readlink(path);
  if (target === '/dev/null') {
    return { kind: 'mask' };
  }
  return basename(target) === basename(path)
    ? { kind: 'file', text: (await textOf(join(tree, target))) ?? '' }
    : { kind: 'alias', target: basename(target) };
}

async function dropInText(folder: string): Promise<string> {
  const names = (await entriesOf(folder))
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.conf'));
  const texts = await Promise.all(names.toSorted().map((name) => textOf(join(folder, name))));
  return texts.map((text) => `${text ?? ''}\n`).join('');
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
