import {
  encodeSignatures,
  type ManifestSignature,
  parseSignatures,
  signaturesInvalid,
} from '../head/signatures.ts';

/**
 * Length of a detached signature file. It is fixed, so that signatures can be added to a finished
 * ISO; the maximum of 16 signatures takes some 3,000 bytes.
 */
export const SIGNATURE_FILE_BYTES = 4096;

const NEWLINE = 0x0a;

/**
 * The list of signatures as in an update, padded with newlines.
 *
 * @throws MicroLinuxError `signatures-invalid` if no reader would accept it.
 */
export function encodeSignatureFile(signatures: readonly ManifestSignature[]): Buffer {
  const list = encodeSignatures(signatures);
  if (list.length > SIGNATURE_FILE_BYTES) {
    throw signaturesInvalid(`they need ${list.length} bytes of ${SIGNATURE_FILE_BYTES}`);
  }
  const file = Buffer.alloc(SIGNATURE_FILE_BYTES, NEWLINE);
  file.set(list);
  return file;
}

/**
 * Reads what {@link encodeSignatureFile} wrote.
 *
 * @throws MicroLinuxError `signatures-invalid`, `not-an-update`, `format-unsupported`.
 */
export function parseSignatureFile(file: Buffer): readonly ManifestSignature[] {
  if (file.length !== SIGNATURE_FILE_BYTES) {
    throw signaturesInvalid(`the file has ${file.length} bytes, not ${SIGNATURE_FILE_BYTES}`);
  }
  let end = file.length;
  while (end > 1 && file[end - 1] === NEWLINE && file[end - 2] === NEWLINE) {
    end -= 1;
  }
  return parseSignatures(file.subarray(0, end));
}
