import { firstIssue } from '@micro-linux/core';
import * as z from 'zod';
import { KEY_ID_PATTERN } from '../keys/key-id.ts';
import { Limit } from '../manifest.ts';
import { rejected } from '../update-error.ts';
import { parseSection } from './section.ts';

/** First line of the signatures frame's payload. */
export const SIGNATURES_HEADER = 'micro-linux update signatures 1\n';

const SIGNATURE_BYTES = 64;

const signatureSchema = z.strictObject({
  keyId: z.string().regex(KEY_ID_PATTERN, 'must be 32 lower-case hex digits'),
  algorithm: z.literal('ed25519'),
  signature: z.string().refine(isSignatureText, 'must be 64 bytes in base64'),
});

const signaturesSchema = z.strictObject({
  signatures: z
    .array(signatureSchema)
    .max(Limit.signatures)
    .refine(
      (list) => new Set(list.map(({ keyId }) => keyId)).size === list.length,
      'must have one signature for each key',
    ),
});

/** One key's signature over the manifest's bytes. */
export interface ManifestSignature {
  readonly keyId: string;
  readonly algorithm: 'ed25519';
  /** Base64. */
  readonly signature: string;
}

/**
 * The payload of the signatures frame. It has only one valid encoding, so a parsed head can be
 * encoded again byte for byte.
 *
 * @throws MicroLinuxError `signatures-invalid` if no reader would accept it.
 */
export function encodeSignatures(signatures: readonly ManifestSignature[]): Buffer {
  const checked = signaturesSchema.safeParse({ signatures });
  if (!checked.success) {
    throw signaturesInvalid(firstIssue(checked.error));
  }
  const list = checked.data.signatures.map(({ keyId, algorithm, signature }) => ({
    keyId,
    algorithm,
    signature,
  }));
  return Buffer.from(`${SIGNATURES_HEADER}${JSON.stringify({ signatures: list })}\n`);
}

/** @throws MicroLinuxError `signatures-invalid`, `not-an-update`, `format-unsupported`. */
export function parseSignatures(payload: Buffer): readonly ManifestSignature[] {
  const { signatures } = parseSection(
    payload,
    SIGNATURES_HEADER,
    signaturesSchema,
    signaturesInvalid,
  );
  if (!encodeSignatures(signatures).equals(payload)) {
    throw signaturesInvalid('the list is not written in the one way that the format allows');
  }
  return signatures;
}

export function signaturesInvalid(why: string, cause?: unknown) {
  return rejected({
    code: 'signatures-invalid',
    message: 'the list of signatures is not valid',
    why,
    cause,
  });
}

function isSignatureText(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === SIGNATURE_BYTES && bytes.toString('base64') === text;
}
