import { derivedUuid } from '@micro-linux/provision';

/** Identifies an ISO to the system it booted: the modification date in its volume descriptor. */
export interface MediumUuid {
  /** Format of xorriso: YYYYMMDDhhmmss and hundredths. */
  readonly digits: string;
  /** Format of GRUB and blkid: `2026-01-02-03-04-05-67`. */
  readonly uuid: string;
}

/** Hundredths of seconds. */
const YEAR = 365 * 24 * 60 * 60 * 100;

/**
 * The UUID of a build's ISO: a time within a year after `sourceDateEpoch`, so that builds differ,
 * and the same build always has the same UUID.
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
