import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Toolbox } from './toolbox.ts';

/** A package built here: metadata and a few files. */
export interface DummyPackage {
  readonly name: string;
  readonly version: string;
  readonly section: string;
  /** One line: what this package replaces. */
  readonly description: string;
  readonly depends?: readonly string[];
  /** Absolute path → content. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** Builds the package's .deb in `outputDirectory` and returns its path. */
export async function buildDummyPackage(
  toolbox: Toolbox,
  dummy: DummyPackage,
  outputDirectory: string,
): Promise<string> {
  const tree = await mkdtemp(join(toolbox.scratch, `${dummy.name}-`));
  await chmod(tree, 0o755);
  for (const [path, content] of Object.entries(dummy.files ?? {})) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content, { mode: 0o644 });
  }
  await mkdir(join(tree, 'DEBIAN'));
  await writeFile(
    join(tree, 'DEBIAN', 'control'),
    [
      `Package: ${dummy.name}`,
      `Version: ${dummy.version}`,
      'Architecture: amd64',
      'Maintainer: micro-linux end-to-end tests <nobody@localhost>',
      `Section: ${dummy.section}`,
      'Priority: optional',
      ...(dummy.depends?.length ? [`Depends: ${dummy.depends.join(', ')}`] : []),
      `Description: ${dummy.description}`,
      ' Made by the end-to-end tests of micro-linux; not a package of Ubuntu.',
      '',
    ].join('\n'),
  );
  return packTree(toolbox, tree, outputDirectory, dummy);
}

/** Packs an unpacked package (with DEBIAN/) again; the same tree gives the same bytes. */
export async function packTree(
  toolbox: Toolbox,
  tree: string,
  outputDirectory: string,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<string> {
  await mkdir(outputDirectory, { recursive: true });
  const deb = join(outputDirectory, `${name}_${version.replace(/^\d+:/, '')}_amd64.deb`);
  await toolbox.run(
    'dpkg-deb',
    ['--root-owner-group', '--uniform-compression', '-Zgzip', '-z1', '--build', tree, deb],
    // dpkg-deb lowers later modification times to this one.
    { signal: toolbox.signal, env: { SOURCE_DATE_EPOCH: '1700000000' } },
  );
  return deb;
}
