import { ExitCode, MicroLinuxError, type Reporter } from '@micro-linux/core';
import type { UpdateConfig } from '../config/config.ts';
import { developmentKey } from './development-key.ts';
import { type PrivateKeyFile, readPublicKeyFile } from './read-key-file.ts';

/** A public key that goes into the image. */
export interface TrustedKey {
  readonly keyId: string;
  readonly pem: string;
}

/** The keys whose updates the image accepts. Contains nothing secret. */
export interface Trust {
  /** Sorted by key id, without revoked keys. */
  readonly keys: readonly TrustedKey[];
  /** Key ids, sorted. */
  readonly revoked: readonly string[];
  /** Number of signatures by different keys that is required. */
  readonly threshold: number;
  /** The image trusts the development key. */
  readonly development: boolean;
}

/** {@link Trust}, and the development key if it is trusted and exists. */
export interface TrustAndKey {
  readonly trust: Trust;
  readonly developmentKey: PrivateKeyFile | undefined;
}

/** Placeholder for the development key's id in a dry run before the first build. */
export const NO_KEY_YET = '(made by the first build)';

/**
 * Reads the trusted keys. If none is configured, creates the development key and says so.
 *
 * @param create false for a dry run: nothing is written.
 * @throws MicroLinuxError of the key files, and `threshold-unreachable` (exit code 2).
 */
export async function readTrust(
  update: UpdateConfig,
  options: { readonly create: boolean; readonly reporter: Reporter },
): Promise<TrustAndKey> {
  const revoked = [...update.revokedKeys].sort();
  if (update.trustedKeys.length === 0) {
    const key = await developmentKey(update.developmentKey, options.create);
    if (key?.made) {
      options.reporter.info(
        `made a development key, ${update.developmentKey} (${key.keyId}): this image trusts it, because update.trustedKeys names no other`,
      );
    }
    const keys = [key ? { keyId: key.keyId, pem: key.publicPem } : { keyId: NO_KEY_YET, pem: '' }];
    return { trust: usable({ keys, revoked, update, development: true }), developmentKey: key };
  }
  const byId = new Map<string, TrustedKey>();
  for (const path of update.trustedKeys) {
    const { keyId, pem } = await readPublicKeyFile(path);
    byId.set(keyId, { keyId, pem });
  }
  const keys = [...byId.values()].sort((one, other) => (one.keyId < other.keyId ? -1 : 1));
  return {
    trust: usable({ keys, revoked, update, development: false }),
    developmentKey: undefined,
  };
}

function usable(given: {
  readonly keys: readonly TrustedKey[];
  readonly revoked: readonly string[];
  readonly update: UpdateConfig;
  readonly development: boolean;
}): Trust {
  const { revoked, development } = given;
  const { threshold } = given.update;
  const keys = given.keys.filter(({ keyId }) => !revoked.includes(keyId));
  if (keys.length < threshold) {
    throw new MicroLinuxError({
      code: 'threshold-unreachable',
      message: `devices would require ${threshold} ${threshold === 1 ? 'signature' : 'signatures'}, but only ${keys.length} usable ${keys.length === 1 ? 'key is' : 'keys are'} trusted: no update could be installed`,
      why: `update.trustedKeys names ${given.keys.length} different ${given.keys.length === 1 ? 'key' : 'keys'}, of which ${given.keys.length - keys.length} revoked`,
      hint: 'trust more keys (update.trustedKeys), or lower update.threshold',
      exitCode: ExitCode.usage,
      details: { threshold, keys: keys.length },
    });
  }
  return { keys, revoked, threshold, development };
}
