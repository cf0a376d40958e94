import type { MirrorConfig } from '../../config/config.ts';
import type { Profile } from '../../profiles/profile.ts';

/**
 * The sources.list lines for a configured mirror: release, updates and security pockets. Without a
 * mirror, mmdebstrap gets only the suite and writes the vendor's lines, with both pockets.
 */
export function aptSources(
  profile: Profile,
  mirror: MirrorConfig | undefined,
  keyring: string,
): readonly string[] {
  if (!mirror) {
    return [];
  }
  const line = (uri: string, suite: string) =>
    `deb [signed-by="${keyring}"] ${uri} ${suite} ${profile.components.join(' ')}`;
  return [
    line(mirror.archive, profile.suite),
    line(mirror.archive, profile.updatesSuite),
    line(mirror.security, profile.securitySuite),
  ];
}
