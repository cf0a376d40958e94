import { join } from 'node:path';
import { loadProfiles } from './load-profiles.ts';
import type { Profile, ProfileName } from './profile.ts';

const profiles = await loadProfiles(join(import.meta.dirname, 'releases'));

/** The default profile. */
export const DEFAULT_PROFILE: ProfileName = 'noble';

/** All profiles, the default one first. */
export const PROFILES: readonly Profile[] = [profileOf(DEFAULT_PROFILE)].concat(
  [...profiles.values()].filter(({ name }) => name !== DEFAULT_PROFILE),
);

/** Their names, in the same order. */
export const PROFILE_NAMES: readonly ProfileName[] = PROFILES.map(({ name }) => name);

/** The profile for a name that the config's schema has validated. */
export function profileOf(name: ProfileName): Profile {
  const profile = profiles.get(name);
  if (profile === undefined) {
    throw new Error(`there is no profile ${name}`);
  }
  return profile;
}
