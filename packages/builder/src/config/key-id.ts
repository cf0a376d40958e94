import { Problem, show } from '@micro-linux/provision';

/** Refuses what is not a key id: the first half of a SHA-256, as `keygen` and `inspect` print it. */
export function checkKeyId(id: string): Problem | undefined {
  return /^[0-9a-f]{32}$/.test(id)
    ? undefined
    : new Problem(
        `${show(id)} is not a key id`,
        'write the 32 lower-case hex digits that ./micro-linux keygen or inspect printed',
      );
}
