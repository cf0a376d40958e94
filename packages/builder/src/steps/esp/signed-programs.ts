import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BOOT_PROGRAMS, commandLine, MicroLinuxError, shellQuote } from '@micro-linux/core';
import type { StepContext } from '../../plan/step.ts';
import type { SecureBoot } from '../../profiles/profile.ts';

export interface SignedPrograms {
  readonly secureBoot: SecureBoot;
  /** Directory of the .debs with shim and GRUB. */
  readonly bootPackages: string;
}

/**
 * Extracts the distribution's signed shim, GRUB and MokManager from their packages, under their
 * names on an EFI system partition.
 *
 * @param directory target directory; created if missing.
 * @throws MicroLinuxError `boot-program-missing`.
 */
export async function placeSignedPrograms(
  options: SignedPrograms,
  directory: string,
  context: StepContext,
): Promise<void> {
  const unpacked = join(context.outputDirectory, 'boot-packages');
  for (const name of (await readdir(options.bootPackages)).sort()) {
    await context.run('dpkg-deb', ['--extract', join(options.bootPackages, name), unpacked], {
      signal: context.signal,
      logFile: context.logFile,
    });
  }
  await mkdir(directory, { recursive: true });
  for (const { name, role } of BOOT_PROGRAMS) {
    const candidates = options.secureBoot[role];
    const found = await firstExisting(candidates.map((path) => join(unpacked, path)));
    if (!found) {
      throw new MicroLinuxError({
        code: 'boot-program-missing',
        message: `no package of ${options.secureBoot.packages.join(', ')} contains ${candidates.join(' or ')}`,
        why: 'the distribution may have moved the file',
        hint: 'report this with the profile and the date',
      });
    }
    await context.run('cp', ['--dereference', found, join(directory, name)], {
      signal: context.signal,
    });
  }
  await rm(unpacked, { recursive: true });
}

/**
 * The commands of {@link placeSignedPrograms}, to paste; the packages are known only after a query to
 * the archive.
 *
 * @param outputDirectory the step's; the packages are unpacked in it.
 */
export function signedProgramsCommands(
  { secureBoot, bootPackages }: SignedPrograms,
  directory: string,
  outputDirectory: string,
): readonly string[] {
  const unpacked = join(outputDirectory, 'boot-packages');
  return [
    `for package in ${shellQuote(bootPackages)}/*.deb; do dpkg-deb --extract "$package" ${shellQuote(unpacked)}; done`,
    commandLine('mkdir', ['-p', directory]),
    ...BOOT_PROGRAMS.map(({ name, role }) => {
      const candidates = secureBoot[role].map((path) => shellQuote(join(unpacked, path))).join(' ');
      const target = shellQuote(join(directory, name));
      return `for file in ${candidates}; do [ ! -f "$file" ] || { cp --dereference "$file" ${target}; break; }; done`;
    }),
    commandLine('rm', ['-r', unpacked]),
  ];
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) {
      return path;
    }
  }
  return undefined;
}
