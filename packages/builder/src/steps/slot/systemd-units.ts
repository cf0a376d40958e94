import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TreeEntry } from '@micro-linux/provision';

const UNIT_DIRECTORY = '/usr/lib/systemd/system';

/**
 * The links that enable a unit, from its [Install] section (systemd.unit(5)): vendor links below
 * /usr/lib, so that an administrator can still mask or disable it.
 */
export function enablingLinks(unitName: string, unitText: string): TreeEntry[] {
  const install = /^\[Install\]\n([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(unitText)?.[1] ?? '';
  return [...install.matchAll(/^(WantedBy|RequiredBy)=(.*)$/gm)].flatMap(([, kind, targets]) =>
    (targets ?? '')
      .split(/\s+/)
      .filter((target) => target !== '')
      .map((target) => ({
        kind: 'link' as const,
        path: `${UNIT_DIRECTORY}/${target}.${kind === 'WantedBy' ? 'wants' : 'requires'}/${unitName}`,
        target: `../${unitName}`,
      })),
  );
}

/** The enabling links of every unit file in a directory of the checkout. */
export async function enabledUnits(directory: string): Promise<TreeEntry[]> {
  const names = (await readdir(directory)).filter((name) =>
    /\.(service|timer|socket|target|path|mount)$/.test(name),
  );
  const links = await Promise.all(
    names.map(async (name) =>
      enablingLinks(basename(name), await readFile(join(directory, name), 'utf8')),
    ),
  );
  return links.flat();
}
