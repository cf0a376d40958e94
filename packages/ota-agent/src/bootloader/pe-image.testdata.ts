/**
 * DER made once with openssl: a CA, another CA, and PKCS #7 data signed by a certificate of the
 * first one. The keys were deleted; only tests trust these.
 */
export const FIRMWARE_CA = Buffer.from(
  'MIIBjjCCATOgAwIBAgIUemSzg0U/hbnpM+pTxlFlSR4uiNowCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQdGVzdCBm' +
    'aXJtd2FyZSBDQTAgFw0yNjExMzAxNzEwNTFaGA8yMTI2MTEwNjE3MTA1MVowGzEZMBcGA1UEAwwQdGVzdCBmaXJt' +
    'd2FyZSBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHgq9mX9ECQRl9dRfhkk9jseW+DT7xvWtp8sRnRfzody' +
    '8oslrkLqFLuC7Pc8yk2XzeOFNWCOTrxVwTggDAVcYI+jUzBRMB0GA1UdDgQWBBQQoL0f4q2MaO/f3vsFlKceQfTP' +
    '7zAfBgNVHSMEGDAWgBQQoL0f4q2MaO/f3vsFlKceQfTP7zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kA' +
    'MEYCIQCzXJzsaHLXs1+rvdgqx1R2Srj1kZc/cDfz4Yj7F45g8wIhAMcBheaqeb2TrPHwWB/q/xzD+IWaJIZMZck5' +
    'LB9ZC7sP',
  'base64',
);
export const OTHER_CA = Buffer.from(
  'MIIBgDCCASegAwIBAgIUGBcFJVmgBzcvdDKDBR1cprMmNUMwCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKYW5vdGhl' +
    'ciBDQTAgFw0yNjExMzAxNzEwNTFaGA8yMTI2MTEwNjE3MTA1MVowFTETMBEGA1UEAwwKYW5vdGhlciBDQTBZMBMG' +
    'ByqGSM49AgEGCCqGSM49AwEHA0IABJu24288Eruw7JLrMiOJeDlN8VVdsXJmBVWrSo/JFX58MFf7OPy6SeuyOS54' +
    'mh2Ij/lrU6q0rhzyy43xoKUV4mejUzBRMB0GA1UdDgQWBBSXjtfE2zhLnyyDysJ9ZthDOL8Z/TAfBgNVHSMEGDAW' +
    'gBSXjtfE2zhLnyyDysJ9ZthDOL8Z/TAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIGYI7c5jpVME' +
    'PxHmen51IFK9Fec+AsGrQri5Q9tvpa+4AiAWdL+oRBTwgn4Qw+jmIa8pq4QGtNEbzGa9ufWmgHg50Q==',
  'base64',
);
const SIGNATURE = Buffer.from(
  'MIIC+gYJKoZIhvcNAQcCoIIC6zCCAucCAQExDzANBglghkgBZQMEAgEFADASBgkqhkiG9w0BBwGgBQQDaGkKoIIB' +
    'MTCCAS0wgdQCFDUI93WqdH5BnpDyiTBKyUl66t40MAoGCCqGSM49BAMCMBsxGTAXBgNVBAMMEHRlc3QgZmlybXdh' +
    'cmUgQ0EwIBcNMjYxMTMwMTcxMDUxWhgPMjEyNjExMDYxNzEwNTFaMBYxFDASBgNVBAMMC3Rlc3Qgc2lnbmVyMFkw' +
    'EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQm+MnE3oa8kNgEt1qG2ZOTFNEA3Igipzjwt0nQJyE+krRapipIoW/72c' +
    'C1LAdA1WDhLOUiQ/TY924kicYGfckjAKBggqhkjOPQQDAgNIADBFAiEA/4vqYCkcyZyowUoKM3yKnZehzHT3HNLk' +
    'KWPWHETOitACIDE7fqtltF7+ntkPTi624y00Zwly+R/tKbW5iE776fqNMYIBhjCCAYICAQEwMzAbMRkwFwYDVQQD' +
    'DBB0ZXN0IGZpcm13YXJlIENBAhQ1CPd1qnR+QZ6Q8okwSslJeureNDANBglghkgBZQMEAgEFAKCB5DAYBgkqhkiG' +
    '9w0BCQMxCwYJKoZIhvcNAQcBMBwGCSqGSIb3DQEJBTEPFw0yNjExMzAxNzEwNTFaMC8GCSqGSIb3DQEJBDEiBCCY' +
    '6m5PIW8vtLaf/5s6RIQsOGhspoXz9V3EjF0/sRB75DB5BgkqhkiG9w0BCQ8xbDBqMAsGCWCGSAFlAwQBKjALBglg' +
    'hkgBZQMEARYwCwYJYIZIAWUDBAECMAoGCCqGSIb3DQMHMA4GCCqGSIb3DQMCAgIAgDANBggqhkiG9w0DAgIBQDAH' +
    'BgUrDgMCBzANBggqhkiG9w0DAgIBKDAKBggqhkjOPQQDAgRGMEQCIH7YLm+ceeMFu/7ebPocxDHWW0Sh/3fe3/L9' +
    'IZ3WBovZAiBdWEWqxr31BUoGi9Q+YSl/5kbPZZrmt2+nwy5oukuZ8g==',
  'base64',
);

const OPTIONAL_BYTES = 240;
const OPTIONAL_AT = 0x40 + 24;

/** A minimal 64-bit EFI program: headers, an .sbat section, and a signature. */
export function peProgram(options: {
  readonly sbat?: string;
  readonly signed?: boolean;
  readonly code?: string;
}): Buffer {
  const sbat = Buffer.from(options.sbat ?? '');
  const code = Buffer.from(options.code ?? '');
  const headers = Buffer.alloc(0x200);
  headers.write('MZ');
  headers.writeUInt32LE(0x40, 0x3c);
  headers.write('PE\0\0', 0x40, 'latin1');
  headers.writeUInt16LE(1, 0x46);
  headers.writeUInt16LE(OPTIONAL_BYTES, 0x54);
  headers.writeUInt16LE(0x20b, OPTIONAL_AT);
  const section = OPTIONAL_AT + OPTIONAL_BYTES;
  headers.write(options.sbat === undefined ? '.text' : '.sbat', section);
  headers.writeUInt32LE(sbat.length, section + 8);
  headers.writeUInt32LE(sbat.length, section + 16);
  headers.writeUInt32LE(0x200, section + 20);
  const body = Buffer.concat([headers, sbat, code]);
  const start = Math.ceil(body.length / 8) * 8;
  if (options.signed !== false) {
    headers.copy(body);
    body.writeUInt32LE(start, OPTIONAL_AT + 144);
    body.writeUInt32LE(8 + SIGNATURE.length, OPTIONAL_AT + 148);
  }
  const table = Buffer.alloc(8);
  table.writeUInt32LE(8 + SIGNATURE.length);
  table.writeUInt16LE(0x200, 4);
  table.writeUInt16LE(2, 6);
  return Buffer.concat(
    options.signed === false ? [body] : [body, Buffer.alloc(start - body.length), table, SIGNATURE],
  );
}

/** A firmware's signature database with these certificates. */
export function signatureDatabase(...certificates: readonly Buffer[]): Buffer {
  return Buffer.concat(
    certificates.map((der) => {
      const header = Buffer.alloc(28 + 16);
      header.write('a159c0a5e494a74a87b5ab155c2bf072', 'hex');
      header.writeUInt32LE(28 + 16 + der.length, 16);
      header.writeUInt32LE(16 + der.length, 24);
      return Buffer.concat([header, der]);
    }),
  );
}
