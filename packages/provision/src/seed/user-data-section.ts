import * as z from 'zod';
import type { UserPassword } from '../identity/accounts.ts';

/** The form that {@link userDataSection} writes. */
export const userDataSchema = z.strictObject({
  users: z
    .array(z.strictObject({ name: z.string(), lock_passwd: z.literal(false), passwd: z.string() }))
    .optional(),
  chpasswd: z
    .strictObject({
      expire: z.literal(true),
      users: z.array(
        z.strictObject({ name: z.string(), password: z.string(), type: z.literal('hash') }),
      ),
    })
    .optional(),
});

export type UserDataSection = z.output<typeof userDataSchema>;

/**
 * Passwords of users that the image has, in the words of cloud-init: under `chpasswd` those that
 * must be changed at the first login.
 */
export function userDataSection(passwords: readonly UserPassword[]): UserDataSection {
  const kept = passwords.filter(({ mustChange }) => !mustChange);
  const expired = passwords.filter(({ mustChange }) => mustChange);
  return {
    ...(kept.length === 0
      ? {}
      : { users: kept.map(({ name, hash }) => ({ name, lock_passwd: false, passwd: hash })) }),
    ...(expired.length === 0
      ? {}
      : {
          chpasswd: {
            expire: true,
            users: expired.map(({ name, hash }) => ({ name, password: hash, type: 'hash' })),
          },
        }),
  };
}

/** The passwords in such a section. */
export function passwordsIn({ users = [], chpasswd }: UserDataSection): readonly UserPassword[] {
  return [
    ...users.map(({ name, passwd }) => ({ name, hash: passwd, mustChange: false })),
    ...(chpasswd?.users ?? []).map(({ name, password }) => ({
      ...{ name, hash: password, mustChange: true },
    })),
  ];
}
