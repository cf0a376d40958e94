/** One way to change or trust update.img, and the result that a reader must give. */
export interface VectorCase {
  readonly name: string;
  /** Bytes to write into a copy of update.img; beyond its end, they make it longer. */
  readonly edits: readonly { readonly at: number; readonly hex: string }[];
  /** Where the copy is truncated, if at all. */
  readonly cutAt?: number;
  /** Names of the trusted and of the revoked keys. */
  readonly trusted: readonly string[];
  readonly revoked: readonly string[];
  readonly threshold: number;
  /** `ok`, or the code of the error. */
  readonly result: string;
}

const [one, two] = ['test-only-key-1', 'test-only-key-2'] as const;

/**
 * @param update the bytes of update.img.
 * @param firstChunk offset of the first chunk's frame.
 * @param sign the first key's signature of a manifest, in base64.
 */
export function vectorCases(
  update: Buffer,
  firstChunk: number,
  sign: (manifest: Buffer) => string,
): readonly VectorCase[] {
  const changed = (name: string, result: string, at: number, hex: string): VectorCase => ({
    ...trust(name, result, [one]),
    edits: [{ at, hex }],
  });
  const cut = (name: string, cutAt: number): VectorCase => ({
    ...trust(name, 'update-truncated', [one]),
    cutAt,
  });
  const signaturesFrame = 8 + update.readUInt32LE(4);
  /** A signed but invalid manifest: what somebody with the key could make. */
  const signed = (name: string, result: string, at: number, hex: string): VectorCase => {
    const manifest = Buffer.from(update.subarray(8, signaturesFrame));
    manifest.write(hex, at - 8, 'hex');
    const signature = Buffer.from(sign(manifest)).toString('hex');
    const signatureAt = update.indexOf('"signature":"') + '"signature":"'.length;
    return {
      ...trust(name, result, [one]),
      edits: [
        { at, hex },
        { at: signatureAt, hex: signature },
      ],
    };
  };
  return [
    trust('the first key is trusted', 'ok', [one]),
    trust('the second key is trusted', 'ok', [two]),
    trust('both must have signed', 'ok', [one, two], [], 2),
    trust('a revoked key beside a good one', 'ok', [one, two], [one]),
    trust('no key is trusted', 'key-unknown', []),
    trust('the only trusted key is revoked', 'key-revoked', [one], [one]),
    trust('one of two is revoked, both must have signed', 'key-revoked', [one, two], [two], 2),
    trust('one of two is unknown, both must have signed', 'key-unknown', [one], [], 2),
    trust('three must have signed', 'signature-missing', [one, two], [], 3),
    cut('nothing is there', 0),
    cut('the manifest is cut off', 300),
    cut('the last chunk is cut off', 70_000),
    cut('the last byte is missing', update.length - 1),
    changed('a byte too many', 'update-trailing-data', update.length, '00'),
    changed('another magic number', 'not-an-update', 0, '51'),
    changed('no signatures frame', 'not-an-update', signaturesFrame, '50'),
    changed('format 2', 'format-unsupported', update.indexOf('1\n{'), '32'),
    changed('a manifest of 16 MiB and a byte', 'manifest-invalid', 4, '01000001'),
    changed(
      'signatures of 64 KiB and a byte',
      'signatures-invalid',
      signaturesFrame + 4,
      '01000100',
    ),
    changed(
      'an unknown key in a manifest that nobody signed',
      'signature-invalid',
      update.indexOf('"kernel"') + 1,
      '4b',
    ),
    signed(
      'an unknown key in a signed manifest',
      'manifest-invalid',
      update.indexOf('"kernel"') + 1,
      '4b',
    ),
    signed('another version, signed', 'ok', update.indexOf('2.0.0'), '33'),
    signed(
      'a signed manifest that is not ASCII',
      'manifest-invalid',
      update.indexOf('2.0.0'),
      'b2',
    ),
    signed(
      'a signed manifest with an image of another length',
      'manifest-invalid',
      update.indexOf('"bytes":') + 8,
      '39',
    ),
    changed('another version', 'signature-invalid', update.indexOf('2.0.0'), '33'),
    changed('another signature', 'signature-invalid', update.indexOf('"signature":') + 13, '69'),
    changed('another algorithm', 'signatures-invalid', update.indexOf('ed25519'), '78'),
    changed('another byte in a chunk', 'chunk-corrupt', firstChunk + 1000, 'ffff'),
    changed('a chunk that is no zstd frame', 'chunk-corrupt', firstChunk, '00'),
  ];
}

function trust(
  name: string,
  result: string,
  trusted: readonly string[],
  revoked: readonly string[] = [],
  threshold = 1,
): VectorCase {
  return { name, edits: [], trusted, revoked, threshold, result };
}
