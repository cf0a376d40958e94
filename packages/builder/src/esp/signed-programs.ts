import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import type { StepContext } from '../plan/step.ts';
import type { SecureBoot } from '../profiles/profile.ts';

/** Where UEFI looks on a disk without a boot entry of its own (UEFI spec §3.5.1.1). */
export const REMOVABLE_DIRECTORY = '/EFI/BOOT';

export interface SignedPrograms {
  readonly secureBoot: SecureBoot;
  /** Directory of .debs that hold shim and GRUB. */
  readonly bootPackages: string;
}

/**
 * Puts the distribution's signed shim and GRUB into a tree that becomes an EFI system partition.
 *
 * @throws MicroLinuxError `boot-program-missing`.
 */
export async function placeSignedPrograms(
  options: SignedPrograms,
  tree: string,
  context: StepContext,
): Promise<void> {
  const unpacked = join(context.outputDirectory, 'boot-packages');
  for (const name of (await readdir(options.bootPackages)).sort()) {
    await context.run('dpkg-deb', ['--extract', join(options.bootPackages, name), unpacked], {
      signal: context.signal,
      logFile: context.logFile,
    });
  }
  const { shim, grub, mokManager } = options.secureBoot;
  const programs = [
    ['BOOTX64.EFI', shim],
    ['grubx64.efi', grub],
    ['mmx64.efi', mokManager],
  ] as const;
  const directory = join(tree, posix.normalize(REMOVABLE_DIRECTORY));
  await mkdir(directory, { recursive: true });
  for (const [name, candidates] of programs) {
    const found = await firstExisting(candidates.map((path) => join(unpacked, path)));
    if (!found) {
      throw new MicroLinuxError({
        code: 'boot-program-missing',
        message: `no package of ${options.secureBoot.packages.join(', ')} holds ${candidates.join(' or ')}`,
        why: 'the distribution may have moved the file',
        hint: 'report this with the profile and the date',
      });
    }
    await context.run('cp', ['--dereference', found, join(directory, name)], {
      signal: context.signal,
    });
  }
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
