import { derivedUuid } from '@micro-linux/provision';

/** How an ISO is found by what it booted: the date of change that its volume descriptor tells. */
export interface MediumUuid {
  /** As xorriso takes it: YYYYMMDDhhmmss and hundredths. */
  readonly digits: string;
  /** As GRUB and blkid show it: `2026-01-02-03-04-05-67`. */
  readonly uuid: string;
}

/** Hundredths of seconds. */
const YEAR = 365 * 24 * 60 * 60 * 100;

/**
 * The UUID of a build's ISO: a moment in the year from `sourceDateEpoch` on, so that two builds have
 * two of them, and one build has the same each time.
 *
 * @param sourceDateEpoch seconds since 1970.
 */
export function mediumUuid(buildId: string, sourceDateEpoch: number): MediumUuid {
  const number = Number.parseInt(derivedUuid(buildId, 'iso').slice(0, 8), 16) % YEAR;
  const moment = new Date(sourceDateEpoch * 1000 + number * 10).toISOString();
  const digits = moment.replaceAll(/\D/g, '').slice(0, 16);
  const uuid = digits.replace(/^(.{4})(..)(..)(..)(..)(..)(..)$/, '$1-$2-$3-$4-$5-$6-$7');
  return { digits, uuid };
}
