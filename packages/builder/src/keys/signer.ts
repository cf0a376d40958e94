import { ExitCode, MicroLinuxError, type Reporter } from '@micro-linux/core';
import type { ManifestSignature } from '@micro-linux/update-image';
import { signManifest } from '@micro-linux/update-image/write';
import type { UpdateConfig } from '../config/config.ts';
import { type PrivateKeyFile, readPrivateKeyFile, readPublicKeyFile } from './read-key-file.ts';
import { type SignContext, signByCommand } from './sign-by-command.ts';
import { NO_KEY_YET, type Trust, type TrustAndKey } from './trust.ts';

/** Signs manifests. Does not expose the private key. */
export interface Signer {
  readonly keyId: string;
  /** What it does, for `--dry-run`. Contains no secret. */
  readonly title: string;
  readonly sign: (manifestBytes: Buffer, context: SignContext) => Promise<ManifestSignature>;
}

/**
 * The signer in a config, or the development key if that is trusted; undefined if there is none.
 *
 * @throws MicroLinuxError of the key files; `signing-key-untrusted`, `signing-key-revoked` (exit
 *   code 2) if no device would accept it.
 */
export async function configuredSigner(
  update: UpdateConfig,
  { trust, developmentKey }: TrustAndKey,
  reporter: Reporter,
): Promise<Signer | undefined> {
  const signer = await namedSigner(update, reporter);
  if (signer) {
    requireTrusted(signer.keyId, trust);
    return signer;
  }
  if (!trust.development) {
    return undefined;
  }
  return developmentKey ? keySigner(developmentKey, 'the development key') : pendingSigner();
}

/** The error for an update.img that nobody can sign. */
export function noSigner(): MicroLinuxError {
  return new MicroLinuxError({
    code: 'signing-key-missing',
    message: 'update.img cannot be signed: update.trustedKeys is set, but no signing key is set',
    why: 'the development key is used only if no trusted key is set',
    hint: 'set update.signingKey or update.signCommand (--key, --sign-command), or use --detached and sign elsewhere: docs/guides/signing.md',
    exitCode: ExitCode.usage,
  });
}

async function namedSigner(update: UpdateConfig, reporter: Reporter): Promise<Signer | undefined> {
  const { signingKey, signCommand, signingPublicKey } = update;
  if (signingKey !== undefined) {
    const key = await readPrivateKeyFile(signingKey);
    if (key.exposed) {
      reporter.warn(`other users can read the private key ${signingKey}: chmod 600 ${signingKey}`);
    }
    return keySigner(key, 'the configured key');
  }
  if (signCommand !== undefined && signingPublicKey !== undefined) {
    const publicKey = await readPublicKeyFile(signingPublicKey);
    return {
      keyId: publicKey.keyId,
      title: 'the configured sign command',
      sign: (manifestBytes, context) =>
        signByCommand({ command: signCommand, publicKey, manifestBytes }, context),
    };
  }
  return undefined;
}

function keySigner({ keyId, key }: PrivateKeyFile, title: string): Signer {
  return { keyId, title, sign: async (manifestBytes) => signManifest(manifestBytes, key) };
}

/** In a dry run before the first build. */
function pendingSigner(): Signer {
  return {
    keyId: NO_KEY_YET,
    title: 'the development key',
    sign: () => Promise.reject(new Error('a dry run signs nothing')),
  };
}

function requireTrusted(keyId: string, trust: Trust): void {
  if (trust.revoked.includes(keyId)) {
    throw new MicroLinuxError({
      code: 'signing-key-revoked',
      message: `the signing key ${keyId} is revoked by update.revokedKeys: no device would accept the update`,
      hint: 'sign with another key (update.signingKey, --key)',
      exitCode: ExitCode.usage,
      details: { keyId },
    });
  }
  if (!trust.keys.some((trusted) => trusted.keyId === keyId)) {
    throw new MicroLinuxError({
      code: 'signing-key-untrusted',
      message: `the signing key ${keyId} is not among the trusted ones: no device would accept the update`,
      why: trust.development
        ? 'update.trustedKeys is empty, so images trust the development key alone'
        : `update.trustedKeys names ${trust.keys.map((key) => key.keyId).join(', ')}`,
      hint: 'add its public half to update.trustedKeys (--trusted-key FILE)',
      exitCode: ExitCode.usage,
      details: { keyId },
    });
  }
}
