import { isPasswordHash, Problem } from '@micro-linux/provision';
import type { PasswordConfig } from './config.ts';

const HOW_TO_HASH = 'write `generate`, `disabled`, or the hash that `openssl passwd -6` prints';

/**
 * Reads a password policy: `generate`, `disabled`, or a crypt(3) hash ($6$, $5$ or $y$).
 * Errors never quote the text: it may be the password itself.
 */
export function parsePassword(text: string): PasswordConfig | Problem {
  if (text === 'generate' || text === 'disabled') {
    return { kind: text };
  }
  if (isPasswordHash(text)) {
    return { kind: 'hash', hash: text };
  }
  if (/^\$(?:6|5|y)\$/.test(text)) {
    return new Problem(
      'begins like a password hash but is not a whole one (value not shown)',
      'copy the whole line, and put it in single quotes: a shell eats `$` in double quotes',
    );
  }
  if (/^\$[0-9a-z]+\$/.test(text)) {
    return new Problem('is a hash of a kind that is not accepted (value not shown)', HOW_TO_HASH);
  }
  if (/^[!*x]*$/.test(text)) {
    return new Problem('is empty or the mark of a locked account', 'write `disabled`');
  }
  return new Problem(
    'looks like a plain password, which must not be stored (value not shown)',
    HOW_TO_HASH,
  );
}

/** Reads the password of a further user: `none`, or a hash. Errors never quote the text. */
export function parseUserPassword(text: string): { readonly hash: string | undefined } | Problem {
  if (text === 'none') {
    return { hash: undefined };
  }
  const parsed = text === 'generate' || text === 'disabled' ? undefined : parsePassword(text);
  if (parsed instanceof Problem) {
    return new Problem(parsed.what, 'write `none`, or the hash that `openssl passwd -6` prints');
  }
  return parsed?.kind === 'hash'
    ? { hash: parsed.hash }
    : new Problem(
        `is \`${text}\`, which only user.password can be`,
        'write `none`, or the hash that `openssl passwd -6` prints',
      );
}
