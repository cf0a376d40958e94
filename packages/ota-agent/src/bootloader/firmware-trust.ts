import { X509Certificate } from 'node:crypto';

/** EFI_CERT_X509_GUID, as its bytes are in a variable (UEFI specification, §32.4.1). */
const X509_LIST = Buffer.from('a159c0a5e494a74a87b5ab155c2bf072', 'hex');
const LIST_HEADER_BYTES = 28;
const OWNER_BYTES = 16;

/**
 * The certificates of a signature database such as `db`. Hashes and unreadable entries are left
 * out: a program that only those would allow counts as not trusted.
 *
 * @param database contents of the variable, without the four bytes of attributes.
 */
export function databaseCertificates(database: Buffer): readonly X509Certificate[] {
  const found: X509Certificate[] = [];
  for (let at = 0; at + LIST_HEADER_BYTES <= database.length; ) {
    const listBytes = database.readUInt32LE(at + 16);
    const headerBytes = database.readUInt32LE(at + 20);
    const entryBytes = database.readUInt32LE(at + 24);
    if (listBytes < LIST_HEADER_BYTES || entryBytes <= OWNER_BYTES) {
      break;
    }
    const isX509 = database.subarray(at, at + 16).equals(X509_LIST);
    const end = Math.min(at + listBytes, database.length);
    for (
      let entry = at + LIST_HEADER_BYTES + headerBytes;
      isX509 && entry + entryBytes <= end;
      entry += entryBytes
    ) {
      const certificate = parsed(database.subarray(entry + OWNER_BYTES, entry + entryBytes));
      if (certificate) {
        found.push(certificate);
      }
    }
    at += listBytes;
  }
  return found;
}

/**
 * Whether firmware with these trusted certificates starts a program whose signatures contain those: one
 * of them is trusted itself or was issued by a trusted one.
 */
export function isTrusted(
  trusted: readonly X509Certificate[],
  carried: readonly X509Certificate[],
): boolean {
  return carried.some((certificate) =>
    trusted.some(
      (authority) =>
        authority.fingerprint256 === certificate.fingerprint256 ||
        (certificate.checkIssued(authority) && certificate.verify(authority.publicKey)),
    ),
  );
}

function parsed(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
