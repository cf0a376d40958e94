import type { ArchiveAnswer } from '../host/archive.ts';
import type { ProfileName } from '../profiles/profile.ts';

/** Which profile a quickstart builds, and the line that says so. */
export interface ProfileChoice {
  readonly profile: ProfileName;
  readonly line: string;
}

/**
 * Chooses for `quickstart`, and for it alone: noble where its archive answers, else the stand-in,
 * said in one line. `build` never chooses for the user.
 *
 * @param answer what came of asking the archive of noble.
 */
export function chooseProfile(answer: ArchiveAnswer): ProfileChoice {
  return answer.reachable
    ? { profile: 'noble', line: 'building noble (Ubuntu 24.04): its archive answers' }
    : {
        profile: 'bookworm',
        line: `building the bookworm stand-in, because the Ubuntu archive is unreachable (${answer.reason})`,
      };
}
