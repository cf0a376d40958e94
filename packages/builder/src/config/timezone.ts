import { Problem, show } from '@micro-linux/provision';
import { nearest } from './suggest.ts';

const ZONES: readonly string[] = ['UTC', 'Etc/UTC', ...Intl.supportedValuesOf('timeZone')];
const AREAS: ReadonlySet<string> = new Set(
  ZONES.filter((zone) => zone.includes('/')).map((zone) => zone.slice(0, zone.indexOf('/'))),
);
const FORM = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*){1,2}$/;

/** Refuses what is not a time zone of the tz database. */
export function checkTimezone(zone: string): Problem | undefined {
  if (ZONES.includes(zone)) {
    return undefined;
  }
  const sameLetters = ZONES.find((known) => known.toLowerCase() === zone.toLowerCase());
  if (sameLetters === undefined && isAlias(zone)) {
    return undefined;
  }
  const city = ZONES.find((known) => known.toLowerCase().endsWith(`/${zone.toLowerCase()}`));
  const suggestion = sameLetters ?? city ?? nearest(zone, ZONES);
  return new Problem(
    `${show(zone)} is not a time zone`,
    suggestion === undefined
      ? 'write a name of the tz database, such as Europe/Berlin or Etc/UTC'
      : `did you mean ${suggestion}?`,
  );
}

/**
 * Whether the JavaScript engine accepts a name that it does not list: it lists one spelling
 * of each zone, and that may be the older one (Asia/Calcutta, but not Asia/Kolkata).
 */
function isAlias(zone: string): boolean {
  if (!FORM.test(zone) || !AREAS.has(zone.slice(0, zone.indexOf('/')))) {
    return false;
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
