import { bookworm, trixie } from './debian.ts';
import { noble } from './noble.ts';
import type { Profile, ProfileName } from './profile.ts';

const profiles: Readonly<Record<ProfileName, Profile>> = { noble, bookworm, trixie };

/** The profile of a name. */
export function profileOf(name: ProfileName): Profile {
  return profiles[name];
}
