import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, MicroLinuxError, type Runner } from '@micro-linux/core';
import { placed, type WhereIs } from '../../config/where-is.ts';
import { fileDigest } from '../../plan/digest.ts';

/** A .deb file of the product. */
export interface LocalPackage {
  /** Absolute path. */
  readonly file: string;
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** The key that names it and where that is set, for messages. */
  readonly where: string;
}

const ARCHITECTURES = ['amd64', 'all'];

/**
 * Reads what `packages.local` names: files, and folders whose .deb files all count (but not those in
 * folders below them).
 *
 * @returns the packages, sorted by name.
 * @throws MicroLinuxError `local-package-invalid`, exit code 2: nothing there, not a package, for
 *   another architecture, or two files with the same package.
 */
export async function readLocalPackages(
  paths: readonly string[],
  { run, whereIs }: { readonly run: Runner; readonly whereIs: WhereIs },
): Promise<readonly LocalPackage[]> {
  const found = new Map<string, LocalPackage>();
  for (const [index, path] of paths.entries()) {
    const where = placed(whereIs(['packages', 'local', index]), 'packages.local');
    for (const file of await filesAt(path, where)) {
      const one = await readLocalPackage(file, where, run);
      const other = found.get(one.name);
      if (other && other.file !== file) {
        throw twice(other, one);
      }
      found.set(one.name, one);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function filesAt(path: string, where: string): Promise<readonly string[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw invalid(`${where}: ${path} does not exist`, 'correct the path', cause);
  });
  if (!info.isDirectory()) {
    return [path];
  }
  const names = (await readdir(path)).filter((name) => name.endsWith('.deb')).sort();
  if (names.length === 0) {
    throw invalid(
      `${where}: the folder ${path} has no .deb file`,
      'put one there, or remove the folder from the list',
    );
  }
  return names.map((name) => join(path, name));
}

async function readLocalPackage(file: string, where: string, run: Runner): Promise<LocalPackage> {
  const fields = await controlFields(file, where, run);
  const [name, version, architecture] = [
    fields.get('Package'),
    fields.get('Version'),
    fields.get('Architecture'),
  ];
  if (name === undefined || version === undefined || architecture === undefined) {
    throw invalid(`${where}: ${file} has no name, version or architecture`, 'build it again');
  }
  if (!ARCHITECTURES.includes(architecture)) {
    throw invalid(
      `${where}: ${name} ${version} is for ${architecture}, and images are for amd64`,
      `build it for amd64: ${file}`,
    );
  }
  return { file, name, version, digest: await fileDigest(file), where };
}

async function controlFields(
  file: string,
  where: string,
  run: Runner,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { stdout } = await run('dpkg-deb', [
      '--field',
      file,
      'Package',
      'Version',
      'Architecture',
    ]);
    return new Map(
      stdout.split('\n').flatMap((line) => {
        const [, key, value] = /^([A-Za-z-]+): (\S+)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value] as const];
      }),
    );
  } catch (thrown) {
    if (thrown instanceof MicroLinuxError && thrown.code === 'tool-failed') {
      throw invalid(`${where}: ${file} is not a Debian package`, `dpkg-deb --info ${file}`, thrown);
    }
    throw thrown;
  }
}

function twice(one: LocalPackage, other: LocalPackage): MicroLinuxError {
  return new MicroLinuxError({
    code: 'local-package-invalid',
    message: `${other.where}: two files contain the package ${one.name}`,
    why: [one, other].map(({ file, version }) => `${version}: ${file}`).join('\n'),
    hint: 'remove the one that you do not want from the folder or the list',
    exitCode: ExitCode.usage,
    details: { packages: [one.name] },
  });
}

function invalid(message: string, hint: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'local-package-invalid',
    message,
    hint,
    exitCode: ExitCode.usage,
    ...(cause === undefined ? {} : { cause }),
  });
}
