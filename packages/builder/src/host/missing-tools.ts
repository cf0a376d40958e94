import { MicroLinuxError } from '@micro-linux/core';
import { HOST_PACKAGES, type HostPackage } from './packages.ts';
import { findTool, toolPath } from './tool-path.ts';

/** A host package with missing programs or files. */
export interface MissingPackage {
  readonly package: HostPackage;
  /** Its programs and files that were not found. */
  readonly absent: readonly string[];
}

/** Finds a program or file; replaced in tests. */
export type FindTool = (name: string) => Promise<string | undefined>;

/** The packages that have a program or file missing on this host. */
export async function missingPackages(
  packages: readonly HostPackage[],
  find: FindTool,
): Promise<MissingPackage[]> {
  const checked = await Promise.all(
    packages.map(async (entry) => ({ package: entry, absent: await absentOf(entry, find) })),
  );
  return checked.filter(({ absent }) => absent.length > 0);
}

/**
 * Checks for all programs and files at once, so that a user installs them in one go.
 *
 * @param names programs or absolute paths, as in {@link HOST_PACKAGES}
 * @param path the user's PATH; sbin directories are searched too
 * @throws MicroLinuxError `host-packages-missing`
 */
export async function requireTools(
  names: readonly string[],
  path: string | undefined,
): Promise<void> {
  const searched = toolPath(path);
  const places = await Promise.all(names.map((name) => findTool(name, searched)));
  const missing = names.filter((_, index) => places[index] === undefined);
  if (missing.length > 0) {
    throw hostPackagesMissing(missing);
  }
}

/** The error for missing programs and files; names the packages that contain them. */
export function hostPackagesMissing(missing: readonly string[]): MicroLinuxError {
  const packages = [...new Set(missing.map(packageOf))].filter((name) => name !== undefined);
  return new MicroLinuxError({
    code: 'host-packages-missing',
    message: `not installed on this host: ${missing.join(', ')}`,
    why:
      packages.length === 0 ? undefined : `on Debian and Ubuntu they are in ${packages.join(', ')}`,
    hint: './micro-linux setup-host',
    details: { missing: missing.join(' '), packages: packages.join(' ') },
  });
}

function packageOf(provided: string): string | undefined {
  return HOST_PACKAGES.find(({ provides }) => provides.includes(provided))?.name;
}

async function absentOf(entry: HostPackage, find: FindTool): Promise<string[]> {
  const places = await Promise.all(entry.provides.map(find));
  return entry.provides.filter((_, index) => places[index] === undefined);
}
