import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { packTree } from './dummy-package.ts';
import type { Toolbox } from './toolbox.ts';

/** What to change in an existing package. */
export interface PackageEdits {
  /** Appended to the version, so that the result is newer. */
  readonly versionSuffix?: string;
  readonly addDepends?: readonly string[];
  /** Absolute path of a file in the package → new content. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A package made from another one. */
export interface Repackaged {
  readonly deb: string;
  readonly version: string;
}

/** Unpacks a .deb, edits it and packs it into `outputDirectory`. Owners become root. */
export async function repackage(
  toolbox: Toolbox,
  deb: string,
  edits: PackageEdits,
  outputDirectory: string,
): Promise<Repackaged> {
  const tree = await mkdtemp(join(toolbox.scratch, `${basename(deb, '.deb')}-`));
  await toolbox.run('dpkg-deb', ['--raw-extract', deb, tree], { signal: toolbox.signal });
  const controlFile = join(tree, 'DEBIAN', 'control');
  let control = await readFile(controlFile, 'utf8');
  const name = field(control, 'Package', deb);
  const version = `${field(control, 'Version', deb)}${edits.versionSuffix ?? ''}`;
  control = control.replace(/^Version: .*$/m, () => `Version: ${version}`);
  if (edits.addDepends?.length) {
    const more = edits.addDepends.join(', ');
    control = /^Depends: /m.test(control)
      ? control.replace(/^Depends: /m, () => `Depends: ${more}, `)
      : control.replace(/^Description: /m, () => `Depends: ${more}\nDescription: `);
  }
  await writeFile(controlFile, control);
  for (const [path, content] of Object.entries(edits.files ?? {})) {
    await writeFile(join(tree, path), content);
    await correctChecksum(tree, path, content);
  }
  return { deb: await packTree(toolbox, tree, outputDirectory, { name, version }), version };
}

function field(control: string, name: string, deb: string): string {
  const value = new RegExp(`^${name}: (.*)$`, 'm').exec(control)?.[1]?.trim();
  if (!value) {
    throw new MicroLinuxError({
      code: 'stand-in-package',
      message: `${basename(deb)} has no field ${name}`,
    });
  }
  return value;
}

/** Keeps `dpkg --verify` valid for the file. */
async function correctChecksum(tree: string, path: string, content: string): Promise<void> {
  const file = join(tree, 'DEBIAN', 'md5sums');
  const sums = await readFile(file, 'utf8');
  const relative = path.replace(/^\//, '');
  const sum = createHash('md5').update(content).digest('hex');
  await writeFile(
    file,
    sums
      .split('\n')
      .map((line) => (line.slice(34) === relative ? `${sum}  ${relative}` : line))
      .join('\n'),
  );
}
