import { verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import type { ManifestSignature, PublicKey } from '@micro-linux/update-image';
import { SIGNATURE_BYTES, signatureBytes } from './signature-bytes.ts';

/** How many of the command's last lines an error shows. */
const SHOWN_LINES = 12;

/** Longer output cannot be a signature in any format. */
const MAXIMUM_OUTPUT_BYTES = 4096;

/** What a signer uses. */
export interface SignContext {
  readonly run: Runner;
  readonly signal: AbortSignal;
  /** For temporary files; removed when the build ends. */
  readonly directory: string;
}

export interface SignCommand {
  /** For `sh -c`. May contain secrets, so it appears in no log and no message. */
  readonly command: string;
  readonly publicKey: PublicKey;
  readonly manifestBytes: Buffer;
}

/**
 * Signs with an outside command, which gets the manifest on standard input and as the file
 * $MICRO_LINUX_MANIFEST, and prints the signature. There is no timeout, because a person may have
 * to touch a token; Ctrl-C ends it.
 *
 * @throws MicroLinuxError `sign-command-failed`, `sign-command-output`, `sign-command-wrong-key`.
 */
export async function signByCommand(
  { command, publicKey, manifestBytes }: SignCommand,
  context: SignContext,
): Promise<ManifestSignature> {
  const directory = await mkdtemp(join(context.directory, 'sign-'));
  try {
    const manifest = join(directory, 'manifest');
    const output = join(directory, 'signature');
    await writeFile(manifest, manifestBytes);
    try {
      await context.run('/bin/sh', ['-c', command], {
        input: manifestBytes,
        env: { MICRO_LINUX_MANIFEST: manifest },
        signal: context.signal,
        // It may ask for a passphrase or a PIN.
        sharesTerminal: true,
        isSecret: true,
        stdoutFile: output,
      });
    } catch (cause) {
      throw failed(cause);
    }
    const { size } = await stat(output);
    const signature =
      size <= MAXIMUM_OUTPUT_BYTES ? signatureBytes(await readFile(output)) : undefined;
    if (!signature) {
      throw new MicroLinuxError({
        code: 'sign-command-output',
        message: 'the sign command printed no Ed25519 signature',
        why: `it succeeded and printed ${size} bytes instead of the ${SIGNATURE_BYTES} bytes of a signature, or these in base64`,
        hint: 'print nothing else on standard output: openssl pkeyutl -sign -rawin -inkey KEY -in "$MICRO_LINUX_MANIFEST" does so',
        details: { bytes: size },
      });
    }
    if (!verify(null, manifestBytes, publicKey.key, signature)) {
      throw new MicroLinuxError({
        code: 'sign-command-wrong-key',
        message: `the signature of the sign command is not one by the key ${publicKey.keyId}`,
        why: 'it signed with another key, or signed something other than the manifest as it is',
        hint: 'check that update.signingPublicKey belongs to the key that the command signs with',
        details: { keyId: publicKey.keyId },
      });
    }
    return {
      keyId: publicKey.keyId,
      algorithm: 'ed25519',
      signature: signature.toString('base64'),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The message of `run`, without the command. */
function failed(cause: unknown): unknown {
  if (!(cause instanceof MicroLinuxError) || cause.code !== 'tool-failed') {
    return cause;
  }
  const said = cause.cause instanceof Error ? cause.cause.message.trimEnd() : '';
  return new MicroLinuxError({
    code: 'sign-command-failed',
    message: cause.message.replace('/bin/sh', 'the sign command'),
    why:
      said === ''
        ? undefined
        : `its last lines:\n${said.split('\n').slice(-SHOWN_LINES).join('\n')}`,
    hint: 'fix update.signCommand; it gets the manifest on standard input and as the file $MICRO_LINUX_MANIFEST',
  });
}
