import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, limitHint, MicroLinuxError } from '@micro-linux/core';
import {
  KEY_ID_PATTERN,
  type PublicKey,
  parsePublicKey,
  type TrustPolicy,
} from '@micro-linux/update-image';
import { readRegularFile } from '../state/read-file.ts';
import { higherFloor, type TrustFloor } from '../state/trust-floor.ts';

/** Maximum number of bytes of a key file (some 120) or of a list of revoked ids (33 each). */
const MAXIMUM_BYTES = 1024 * 1024;

/**
 * The keys this device trusts: `keys/*.pem` and `revoked-keys` of all config directories together,
 * so that an administrator can add and revoke keys. A file that cannot be parsed is an error and
 * not skipped: a silently lost revocation would be worse than a delayed update.
 *
 * @param threshold number of keys that must have signed.
 * @param floor requirements of earlier images, which cannot be lowered.
 * @param more another directory that directly contains keys.
 * @throws MicroLinuxError `key-invalid`, `revoked-keys-invalid`, `keys-unreadable`.
 */
export function loadTrust(
  directories: readonly string[],
  threshold: number,
  floor: TrustFloor,
  more?: string,
): TrustPolicy {
  const places = directories.map((directory) => join(directory, 'keys'));
  const keys = [...places, ...(more === undefined ? [] : [more])].flatMap(keysIn);
  return withFloor(
    { keys, revoked: new Set(directories.flatMap(revokedKeysIn)), threshold },
    floor,
  );
}

/** The policy with the requirements of earlier images added. */
export function withFloor(
  { keys, revoked, threshold }: TrustPolicy,
  floor: TrustFloor,
): TrustPolicy {
  const higher = higherFloor({ threshold, revoked: [...revoked] }, floor);
  return { keys, revoked: new Set(higher.revoked), threshold: higher.threshold };
}

function keysIn(directory: string): readonly PublicKey[] {
  const names = orNothing(directory, () => readdirSync(directory)) ?? [];
  return names
    .filter((name) => /^[^.].*\.pem$/.test(name))
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      const pem = orNothing(path, () => readText(path));
      return pem === undefined ? [] : [parsePublicKey(pem, path)];
    });
}

/**
 * The ids in `revoked-keys` of one config directory: one per line; `#` begins a comment.
 *
 * @throws MicroLinuxError `revoked-keys-invalid`, `keys-unreadable`.
 */
export function revokedKeysIn(directory: string): readonly string[] {
  const path = join(directory, 'revoked-keys');
  const text = orNothing(path, () => readText(path)) ?? '';
  return text.split('\n').flatMap((line, index) => {
    const id = line.replace(/#.*/, '').trim();
    if (id !== '' && !KEY_ID_PATTERN.test(id)) {
      throw new MicroLinuxError({
        code: 'revoked-keys-invalid',
        message: `line ${index + 1} of ${path} is not a key id`,
        why: 'a key id is 32 hex digits in lower case',
        hint: `correct the line, or put a # before it: ${path}`,
        details: { file: path, line: index + 1 },
      });
    }
    return id === '' ? [] : [id];
  });
}

const readText = (path: string) => readRegularFile(path, MAXIMUM_BYTES).toString('utf8');

/** A missing file is skipped; a file that cannot be read is an error. */
function orNothing<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === 'ENOENT') {
      return undefined;
    }
    throw new MicroLinuxError({
      code: 'keys-unreadable',
      message: `cannot read ${path}`,
      why: cause instanceof Error ? cause.message : String(cause),
      hint:
        limitHint(cause) ??
        (code === 'EACCES' ? 'run it as root' : `look at it, and move it away: ls -ld ${path}`),
      cause,
    });
  }
}
