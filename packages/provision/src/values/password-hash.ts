/** What `openssl passwd -6`, `openssl passwd -5` and `mkpasswd -m yescrypt` print. */
const HASHES: readonly RegExp[] = [
  /^\$6\$(?:rounds=\d{4,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}$/,
  /^\$5\$(?:rounds=\d{4,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43}$/,
  /^\$y\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}$/,
];

/** The shadow password field of a user without a password. */
export const NO_PASSWORD = '!';

/** Whether a text is a whole crypt(5) hash of an accepted kind: $6$, $5$ or $y$. */
export function isPasswordHash(text: string): boolean {
  return HASHES.some((form) => form.test(text));
}
