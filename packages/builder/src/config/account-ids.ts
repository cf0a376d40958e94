import { FIRST_USER_ID, Problem } from '@micro-linux/provision';

/**
 * Numbers for system accounts of the config: not used by the table of system accounts (300 to 399),
 * adduser (from 100 up) or systemd-sysusers (from 999 down).
 */
export const SYSTEM_IDS = { first: 400, last: 499 } as const;

/**
 * Numbers for people: after the first user, up to the last one of adduser and useradd. systemd uses
 * 60001 and above (https://systemd.io/UIDS-GIDS).
 */
export const LOGIN_IDS = { first: FIRST_USER_ID + 1, last: 59_999 } as const;

/** Whether a number is one of a system account. */
export function isSystemId(id: number): boolean {
  return id >= SYSTEM_IDS.first && id <= SYSTEM_IDS.last;
}

/** Refuses the number of a user that others may use. */
export function checkUserId(id: number, system: boolean): Problem | undefined {
  const { first, last } = system ? SYSTEM_IDS : LOGIN_IDS;
  return id >= first && id <= last
    ? undefined
    : new Problem(
        `${id} is not a number for ${system ? 'a system user' : 'a user who logs in'}`,
        system
          ? `write one from ${first} to ${last}`
          : `write one from ${first} to ${last}, such as 2001; for a service, add system: true`,
        { at: ['id'] },
      );
}

/** Refuses the number of a group that others may use. */
export function checkGroupId(id: number): Problem | undefined {
  return isSystemId(id) || (id >= LOGIN_IDS.first && id <= LOGIN_IDS.last)
    ? undefined
    : new Problem(
        `${id} is not a number for a group of the config`,
        `write one from ${SYSTEM_IDS.first} to ${SYSTEM_IDS.last}, or from ${LOGIN_IDS.first} to ${LOGIN_IDS.last}`,
      );
}
