import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { Problem } from '@micro-linux/provision';
import type { MirrorConfig } from '../config/config.ts';
import { parseMirrorUrl, resolveMirror } from '../config/mirror.ts';
import type { ProfileName } from '../profiles/profile.ts';

/**
 * Reads a mirror given as a flag, by the config's own rules.
 *
 * @throws MicroLinuxError `mirror-invalid`
 */
export function mirrorOption(
  profile: ProfileName,
  text: string | undefined,
): MirrorConfig | undefined {
  const url = text === undefined ? undefined : parseMirrorUrl(text);
  const mirror = url instanceof Problem ? url : resolveMirror(profile, url);
  if (mirror instanceof Problem) {
    throw new MicroLinuxError({
      code: 'mirror-invalid',
      message: `the mirror ${mirror.what}`,
      hint: mirror.fix,
      exitCode: ExitCode.usage,
    });
  }
  return mirror;
}
