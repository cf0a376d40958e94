/** Length of an Ed25519 signature (RFC 8032 §5.1.6). */
export const SIGNATURE_BYTES = 64;

/** A signature as tools print it, raw or in base64; undefined for anything else. */
export function signatureBytes(output: Buffer): Buffer | undefined {
  if (output.length === SIGNATURE_BYTES) {
    return output;
  }
  // Base64 may be wrapped.
  const text = output.toString('latin1').replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]{86}==$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
