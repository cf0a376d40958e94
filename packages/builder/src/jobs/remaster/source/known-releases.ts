import { PROFILES } from '../../../profiles/index.ts';

/** The releases of Ubuntu whose live server can be remastered, from the profiles: `24.04`. */
const RELEASES = PROFILES.flatMap(({ liveServer }) => liveServer?.release ?? []);

/** The same for messages: `24.04 (noble)`. */
export const KNOWN_RELEASES = PROFILES.flatMap(({ name, liveServer }) =>
  liveServer === undefined ? [] : `${liveServer.release} (${name})`,
).join(' or ');

/** Names of the ISOs, for hints; `N` is the point release. */
export const KNOWN_ISOS = RELEASES.map(
  (release) => `ubuntu-${release}.N-live-server-amd64.iso`,
).join(' or ');

/** Whether a release that an ISO names, such as `24.04.2`, is one of them. */
export function isKnownRelease(release: string): boolean {
  return RELEASES.some((known) => release === known || release.startsWith(`${known}.`));
}
