import { expect, test } from 'vitest';
import type { ManifestSignature } from '../head/signatures.ts';
import { generateKeyPair } from '../write/generate-key-pair.ts';
import { parsePrivateKey } from '../write/private-key.ts';
import { signManifest } from '../write/sign-manifest.ts';
import { encodeSignatureFile, parseSignatureFile, SIGNATURE_FILE_BYTES } from './signature-file.ts';

function signatures(count: number): ManifestSignature[] {
  return Array.from({ length: count }, () =>
    signManifest(Buffer.from('text'), parsePrivateKey(generateKeyPair().privatePem, 'a key').key),
  );
}

test.each([0, 1, 16])(
  '%d signatures are read as they were written, in a file of one length',
  (count) => {
    const list = signatures(count);
    const file = encodeSignatureFile(list);
    expect(file).toHaveLength(SIGNATURE_FILE_BYTES);
    expect(parseSignatureFile(file)).toEqual(list);
  },
);

test.each([
  ['too short', (file: Buffer) => file.subarray(1)],
  ['too long', (file: Buffer) => Buffer.concat([file, Buffer.from('\n')])],
  ['zeros', (file: Buffer) => Buffer.alloc(file.length)],
  ['newlines', (file: Buffer) => Buffer.alloc(file.length, '\n')],
  ['spaces at the end', (file: Buffer) => Buffer.concat([file.subarray(0, -1), Buffer.from(' ')])],
  [
    'other bytes in the padding',
    (file: Buffer) => Buffer.concat([file.subarray(0, -2), Buffer.from('x\n')]),
  ],
])('refuses a file that is changed: %s', (_title, change) => {
  expect(() => parseSignatureFile(change(encodeSignatureFile(signatures(1))))).toThrow();
});
