import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { Config } from '../config/config.ts';

/** Bytes; suffixes and the names of unfinished files fit into the 255 of Linux's file systems, too. */
const MAXIMUM_BYTES = 180;

/**
 * What the files of a build are called, without suffix: `PRODUCT_VERSION_PROFILE`, and `~VARIANT` if one
 * was chosen. No two are alike: versions and profiles have no `_`, and only the variant follows a `~`.
 *
 * @throws MicroLinuxError `build-name`, exit code 2: too long for a file.
 */
export function buildName(
  { compatible, version, profile }: Pick<Config, 'compatible' | 'version' | 'profile'>,
  variant: string | undefined,
): string {
  const name = `${compatible}_${version}_${profile}${variant === undefined ? '' : `~${variant}`}`;
  if (name.length > MAXIMUM_BYTES) {
    throw new MicroLinuxError({
      code: 'build-name',
      message: `the artifacts would be called ${name}, which is too long for a file name`,
      why: `it has ${name.length} characters; ${MAXIMUM_BYTES} are possible`,
      hint: 'shorten compatible, version or the name of the variant',
      exitCode: ExitCode.usage,
    });
  }
  return name;
}

/** The name that is the same for every build of a profile. */
export function latestName(profile: string): string {
  return `micro-linux-${profile}`;
}
