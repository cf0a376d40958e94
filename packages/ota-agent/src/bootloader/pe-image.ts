import { X509Certificate } from 'node:crypto';

/** The parts of an EFI program that are checked. */
export interface PeImage {
  /** Text of its `.sbat` section; undefined when it has none. */
  readonly sbat: string | undefined;
  /** The certificates that its signatures carry. */
  readonly certificates: readonly X509Certificate[];
  /** Bytes follow its signatures. shim does not start such a program, with Secure Boot or without. */
  readonly isMalformed: boolean;
}

/** Size of the fixed header before the optional one (PE format, "COFF File Header"). */
const COFF_BYTES = 24;
const SECTION_BYTES = 40;
/** Where the optional header of a 64-bit image names the table of certificates. */
const CERTIFICATE_TABLE = 144;
const PE32_PLUS = 0x20b;
/** WIN_CERT_TYPE_PKCS_SIGNED_DATA. */
const PKCS_SIGNED_DATA = 2;

/**
 * Reads a signed 64-bit EFI program (Microsoft PE format; Authenticode).
 *
 * @returns undefined when the bytes are not one.
 */
export function peImage(bytes: Buffer): PeImage | undefined {
  try {
    const header = bytes.readUInt32LE(0x3c);
    if (bytes.toString('latin1', header, header + 4) !== 'PE\0\0') {
      return undefined;
    }
    const sections = bytes.readUInt16LE(header + 6);
    const optionalBytes = bytes.readUInt16LE(header + 20);
    const optional = header + COFF_BYTES;
    if (bytes.readUInt16LE(optional) !== PE32_PLUS) {
      return undefined;
    }
    const table = bytes.readUInt32LE(optional + CERTIFICATE_TABLE);
    const tableBytes = bytes.readUInt32LE(optional + CERTIFICATE_TABLE + 4);
    return {
      sbat: sectionText(bytes, optional + optionalBytes, sections),
      certificates: signatures(bytes.subarray(table, table + tableBytes)).flatMap(certificatesIn),
      isMalformed: tableBytes > 0 && table + tableBytes !== bytes.length,
    };
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

function sectionText(bytes: Buffer, start: number, count: number): string | undefined {
  for (let index = 0; index < count; index += 1) {
    const at = start + index * SECTION_BYTES;
    if (bytes.toString('latin1', at, at + 8).replace(/\0+$/, '') === '.sbat') {
      const used = Math.min(bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 16));
      const offset = bytes.readUInt32LE(at + 20);
      return bytes.toString('utf8', offset, offset + used);
    }
  }
  return undefined;
}

/** The PKCS #7 blobs of a certificate table; each entry is padded to eight bytes. */
function signatures(table: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 8 <= table.length; ) {
    const length = table.readUInt32LE(at);
    if (length < 8) {
      break;
    }
    if (table.readUInt16LE(at + 6) === PKCS_SIGNED_DATA) {
      found.push(table.subarray(at + 8, at + length));
    }
    at += Math.ceil(length / 8) * 8;
  }
  return found;
}

/**
 * The X.509 certificates in a PKCS #7 blob. Node has no reader for PKCS #7, so this tries each DER
 * sequence of more than 255 bytes that begins with another one, as every certificate does.
 */
function certificatesIn(blob: Buffer): readonly X509Certificate[] {
  const found: X509Certificate[] = [];
  for (let at = 0; at + 8 < blob.length; at += 1) {
    if (blob.readUInt16BE(at) !== 0x3082 || blob.readUInt8(at + 4) !== 0x30) {
      continue;
    }
    const length = 4 + blob.readUInt16BE(at + 2);
    try {
      found.push(new X509Certificate(blob.subarray(at, at + length)));
      at += length - 1;
    } catch {
      // Another structure of PKCS #7: the certificates lie inside it.
    }
  }
  return found;
}
