import { randomInt } from 'node:crypto';
import type { Runner } from '@micro-linux/core';

/** Letters and digits that look different on any console. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** 4 groups of 5 of 56 signs: 116 bits. */
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** A new password of 116 bits from the system's random numbers, e.g. `kf7Qm-…`. */
export function generatePassword(): string {
  return Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  ).join('-');
}

/**
 * The SHA-512-crypt hash (`$6$…`, crypt(5)) of a password, as in /etc/shadow. The password
 * goes to openssl by standard input: never into argv, a log or a file.
 */
export async function hashPassword(
  password: string,
  run: Runner,
  signal?: AbortSignal,
): Promise<string> {
  const { stdout } = await run('openssl', ['passwd', '-6', '-stdin'], { input: password, signal });
  return stdout.trim();
}
