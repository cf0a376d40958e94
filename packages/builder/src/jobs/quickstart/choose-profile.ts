import type { ArchiveAnswer } from '../../host/archive.ts';
import type { Profile, ProfileName } from '../../profiles/profile.ts';

/** Which profile a quickstart builds, and the line that says so. */
export interface ProfileChoice {
  readonly profile: ProfileName;
  readonly line: string;
}

/**
 * Chooses the profile for `quickstart` only: the default one if its archive answers, otherwise its
 * fallback, reported in one line. `build` never chooses for the user.
 *
 * @param profile the default one.
 * @param answer the result of querying its archive.
 */
export function chooseProfile(
  { name, title, standIn }: Pick<Profile, 'name' | 'title' | 'standIn'>,
  answer: ArchiveAnswer,
): ProfileChoice {
  if (answer.reachable) {
    return { profile: name, line: `building ${title}: its archive answers` };
  }
  return standIn === undefined
    ? {
        profile: name,
        line: `building ${title}, though its archive is unreachable (${answer.reason})`,
      }
    : {
        profile: standIn,
        line: `building the ${standIn} stand-in, because the archive of ${title} is unreachable (${answer.reason})`,
      };
}
