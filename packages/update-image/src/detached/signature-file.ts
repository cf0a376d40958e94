import {
  encodeSignatures,
  type ManifestSignature,
  parseSignatures,
  signaturesInvalid,
} from '../head/signatures.ts';

/**
 * Length of a file of signatures that lies beside what it signs. Always the same, so that signatures
 * can be added on a finished ISO; 16 of them, the most that are allowed, take some 3,000 bytes.
 */
export const SIGNATURE_FILE_BYTES = 4096;

const NEWLINE = 0x0a;

/**
 * The list of signatures as it stands in an update, filled up with newlines.
 *
 * @throws MicroLinuxError `signatures-invalid` for what no reader would take.
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
