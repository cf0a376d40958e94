import { Problem, show } from './problem.ts';

/**
 * Refuses what has not the form of a name in the tz database, such as a path that leads out of it.
 * Whether there is such a zone is for the image's own tzdata to say.
 */
export function checkTimezoneForm(zone: string): Problem | undefined {
  return /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*){0,2}$/.test(zone)
    ? undefined
    : new Problem(
        `${show(zone)} is not a time zone`,
        'write a name of the tz database, such as Europe/Berlin or Etc/UTC',
      );
}
