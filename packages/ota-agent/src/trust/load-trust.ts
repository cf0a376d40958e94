import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import {
  KEY_ID_PATTERN,
  type PublicKey,
  parsePublicKey,
  type TrustPolicy,
} from '@micro-linux/update-image';

/**
 * The keys this device trusts: `keys/*.pem` and `revoked-keys` of all config directories together,
 * so that an administrator can add to what the image trusts, and take from it. A file that cannot
 * be understood is an error, not skipped: a revocation that is silently lost would be worse than an
 * update that has to wait.
 *
 * @param threshold how many of them must have signed.
 * @param more one more directory of keys, itself: no `keys` below it.
 * @throws MicroLinuxError `key-invalid`, `revoked-keys-invalid`, `keys-unreadable`.
 */
export function loadTrust(
  directories: readonly string[],
  threshold: number,
  more?: string,
): TrustPolicy {
  const places = directories.map((directory) => join(directory, 'keys'));
  const keys = [...places, ...(more === undefined ? [] : [more])].flatMap(keysIn);
  const revoked = directories.flatMap((directory) => revokedIn(join(directory, 'revoked-keys')));
  return { keys, revoked: new Set(revoked), threshold };
}

function keysIn(directory: string): readonly PublicKey[] {
  const names = orNothing(directory, () => readdirSync(directory)) ?? [];
  return names
    .filter((name) => /^[^.].*\.pem$/.test(name))
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      const pem = orNothing(path, () => readFileSync(path, 'utf8'));
      return pem === undefined ? [] : [parsePublicKey(pem, path)];
    });
}

/** One key id a line; `#` begins a comment. */
function revokedIn(path: string): readonly string[] {
  const text = orNothing(path, () => readFileSync(path, 'utf8')) ?? '';
  return text.split('\n').flatMap((line, index) => {
    const id = line.replace(/#.*/, '').trim();
    if (id !== '' && !KEY_ID_PATTERN.test(id)) {
      throw new MicroLinuxError({
        code: 'revoked-keys-invalid',
        message: `line ${index + 1} of ${path} is no key id`,
        why: 'a key id is 32 hex digits in lower case',
        hint: `correct the line, or put a # before it: ${path}`,
        details: { file: path, line: index + 1 },
      });
    }
    return id === '' ? [] : [id];
  });
}

/** What is not there says nothing; what cannot be read is an error. */
function orNothing<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return undefined;
    }
    throw new MicroLinuxError({
      code: 'keys-unreadable',
      message: `cannot read ${path}`,
      why: cause instanceof Error ? cause.message : String(cause),
      hint: 'run it as root',
      cause,
    });
  }
}
