import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { pipeOf } from '../../test/support/buffer-source.ts';
import { readAll } from '../../test/support/read-all.ts';
import {
  type SampleUpdate,
  sampleUpdate,
  type TestKey,
  testKey,
  trusting,
} from '../../test/support/sample-update.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { temporaryDirectory } from '../../test/support/temporary-directory.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { chunkPlaces, seekTableOf } from '../chunks/chunk-places.ts';
import { Limit, MANIFEST_HEADER } from '../manifest.ts';
import { fileSource } from '../sources/file-source.ts';
import { manifestFor } from '../testing.ts';
import { verifyHead } from '../verify/verify-head.ts';
import { SkippableMagic, skippableFrame } from '../zstd/skippable-frame.ts';
import { decodeHead, encodeHead } from './encode-head.ts';
import { readHead } from './read-head.ts';
import type { UpdateHead } from './update-head.ts';

const directory = temporaryDirectory();
let key: TestKey;
let update: SampleUpdate;
let head: UpdateHead;

beforeAll(async () => {
  key = testKey();
  update = await sampleUpdate(directory(), [key]);
  head = await readHead(pipeOf(update.bytes));
});

/** Writes `bytes` to a file and reads the head from it. */
async function readFile(bytes: Buffer): Promise<UpdateHead> {
  const path = join(scratchDirectory(), 'update.img');
  writeFileSync(path, bytes);
  const source = await fileSource(path);
  try {
    return await readHead(source);
  } finally {
    await source.close();
  }
}

/** The sample's head with other text in its first or second frame. */
function headOf(manifest: string, signatures?: string): Buffer {
  const second = encodeHead(head).subarray(8 + head.manifestBytes.length);
  return Buffer.concat([
    skippableFrame(SkippableMagic.manifest, Buffer.from(manifest, 'latin1')),
    signatures === undefined
      ? second
      : skippableFrame(SkippableMagic.signatures, Buffer.from(signatures, 'latin1')),
  ]);
}

const manifestText = () => head.manifestBytes.toString('latin1');
const signaturesText = () =>
  encodeHead(head)
    .subarray(8 + head.manifestBytes.length + 8)
    .toString('latin1');

describe('a truncated update', () => {
  test('is refused at each boundary, from a file and from a pipe', async () => {
    const manifestEnd = 8 + head.manifestBytes.length;
    const boundaries = [
      ...[0, 4, 8, 8 + MANIFEST_HEADER.length, manifestEnd],
      ...[manifestEnd + 4, manifestEnd + 8, head.payloadOffset],
      ...chunkPlaces(head).map(({ frameOffset, frameBytes }) => frameOffset + frameBytes),
      ...[4, 8, 16].map((bytes) => update.bytes.length - seekTableOf(head).length + bytes),
      update.bytes.length - 1,
    ];
    for (const end of boundaries.flatMap((at) => [at, at + 1]).filter(isCut)) {
      const cut = update.bytes.subarray(0, end);
      expect((await thrownBy(() => readFile(cut))).code, `cut at ${end}`).toBe('update-truncated');
      if (end < update.bytes.length - seekTableOf(head).length) {
        // Nothing after the last chunk is requested.
        expect((await thrownBy(() => readAll(pipeOf(cut)))).code).toBe('update-truncated');
      }
    }
  });

  test('is refused wherever it is truncated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(update.bytes.length - 1), async (end) => {
        const { code, exitCode } = await thrownBy(() => readFile(update.bytes.subarray(0, end)));
        expect({ code, exitCode }).toEqual({ code: 'update-truncated', exitCode: 1 });
      }),
      { numRuns: 60 },
    );
  });

  function isCut(end: number): boolean {
    return end < update.bytes.length;
  }
});

test('bytes after the end of an update are refused', async () => {
  const longer = Buffer.concat([update.bytes, Buffer.from([0])]);
  expect((await thrownBy(() => readFile(longer))).code).toBe('update-trailing-data');
  const kept = Buffer.concat([encodeHead(head), Buffer.from([0])]);
  expect((await thrownBy(() => decodeHead(kept))).code).toBe('update-trailing-data');
});

test('a single flipped bit in a head never passes reading and verification', {
  timeout: 0,
}, async () => {
  const bytes = encodeHead(head);
  const manifestStart = 8;
  const manifestEnd = manifestStart + head.manifestBytes.length;
  const allowed = (at: number): readonly string[] => {
    if (at < 4 || (at >= manifestEnd && at < manifestEnd + 4)) {
      return ['not-an-update'];
    }
    if (at < manifestStart) {
      return ['update-truncated', 'manifest-invalid', 'not-an-update'];
    }
    if (at < manifestEnd) {
      return ['not-an-update', 'format-unsupported', 'manifest-invalid', 'signature-invalid'];
    }
    if (at < manifestEnd + 8) {
      return ['update-truncated', 'signatures-invalid', 'not-an-update'];
    }
    return [
      'not-an-update',
      'format-unsupported',
      'signatures-invalid',
      'signature-invalid',
      'key-unknown',
    ];
  };
  const seen = new Set<string>();
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const { code } = await thrownBy(() => verifyHead(decodeHead(flipped), trusting(key)));
      seen.add(code);
      expect(allowed(at), `byte ${at}, bit ${bit}`).toContain(code);
    }
  }
  expect([...seen].sort()).toEqual([
    'format-unsupported',
    'key-unknown',
    'manifest-invalid',
    'not-an-update',
    'signature-invalid',
    'signatures-invalid',
    'update-truncated',
  ]);
});

describe('files that are not updates', () => {
  test.each([
    ['text', Buffer.from('<!doctype html><title>Sign in</title>')],
    ['zeros', Buffer.alloc(4096)],
    ['another skippable frame', skippableFrame(SkippableMagic.signatures, Buffer.from('x'))],
    ['an empty manifest', skippableFrame(SkippableMagic.manifest, Buffer.alloc(0))],
    [
      'another kind of manifest',
      skippableFrame(SkippableMagic.manifest, Buffer.from(`a${MANIFEST_HEADER}{}\n`)),
    ],
  ])('%s is detected', async (_name, bytes) => {
    expect((await thrownBy(() => readFile(bytes))).code).toBe('not-an-update');
  });

  test.each(['2', '10', '999999999'])('format %s is not supported', async (number) => {
    const text = manifestText().replace('manifest 1\n', `manifest ${number}\n`);
    const error = await thrownBy(() => decodeHead(headOf(text)));
    expect(error).toMatchObject({ code: 'format-unsupported', exitCode: 5 });
    expect(error.details).toEqual({ format: Number(number) });
  });
});

describe('forged lengths', () => {
  test.each([
    ['manifest', 0, 'manifest-invalid', Limit.manifestBytes],
    ['signatures', 1, 'signatures-invalid', Limit.signaturesBytes],
  ])('of the %s are refused before memory is allocated', async (_name, frame, code, limit) => {
    const bytes = encodeHead(head);
    const at = frame === 0 ? 4 : 8 + head.manifestBytes.length + 4;
    for (const length of [limit + 1, 0x7fffffff, 0xffffffff]) {
      bytes.writeUInt32LE(length, at);
      // This source ends here: a request for that much would give `update-truncated`.
      expect((await thrownBy(() => readHead(pipeOf(bytes)))).code).toBe(code);
    }
    bytes.writeUInt32LE(limit, at);
    expect((await thrownBy(() => readHead(pipeOf(bytes)))).code).toBe('update-truncated');
  });
});

describe('a manifest', () => {
  const replaced = (from: string | RegExp, to: string) => headOf(manifestText().replace(from, to));

  test.each([
    ['is not JSON', /\{.*/, '{]}'],
    ['lacks the newline at its end', /\n$/, ''],
    ['has two newlines at its end', /\n$/, '\n\n'],
    ['is not UTF-8', 'test-build', 'test-\xffuild'],
    ['begins with a byte order mark', '\n{', '\n\xef\xbb\xbf{'],
    ['has an unknown key', '"profile"', '"extra":1,"profile"'],
    ['lacks a key', /"kernel":"[^"]*",/, ''],
    ['is of another schema', '"schema":1', '"schema":2'],
    ['has a negative index', '"rollbackIndex":3', '"rollbackIndex":-1'],
    ['has a version with a path in it', '"version":"2.0.0"', '"version":"2.0.0-/../x"'],
    ['has a version with a leading zero', '"version":"2.0.0"', '"version":"2.00.0"'],
    ['has a version with an empty part', '"version":"2.0.0"', '"version":"2.0.0-rc..1"'],
    ['has control characters', 'test-build', 'test-\\u001b[31m'],
    ['has an image of no bytes', /"bytes":\d+/, '"bytes":0'],
    ['has an image longer than any', /"bytes":\d+/, '"bytes":9007199254740993'],
    ['has a length that is not a whole number', /"bytes":\d+/, '"bytes":204800.5'],
    ['has an image longer than its chunks', /"bytes":\d+/, '"bytes":2048000'],
    ['has an image with fewer bytes than chunks', /"bytes":\d+/, '"bytes":65536'],
    ['has chunks of an odd length', '"chunkBytes":65536', '"chunkBytes":65537'],
    ['has chunks that are too small', '"chunkBytes":65536', '"chunkBytes":32768'],
    ['has chunks that are too large', '"chunkBytes":65536', '"chunkBytes":33554432'],
    ['has an empty frame', /"frameBytes":\d+/, '"frameBytes":0'],
    ['has a frame larger than any that zstd makes', /"frameBytes":\d+/, '"frameBytes":65825'],
    ['has a hash in upper case', /"sha256":"[0-9a-f]{64}"/, `"sha256":"${'A'.repeat(64)}"`],
    ['has a hash that is too short', /"sha256":"[0-9a-f]{64}"/, '"sha256":"00"'],
  ])('that %s is refused', async (_name, from, to) => {
    const error = await thrownBy(() => decodeHead(replaced(from, to)));
    expect(error).toMatchObject({ code: 'manifest-invalid', exitCode: 5 });
  });

  test('may give a frame the largest size that zstd can need', () => {
    const bytes = replaced(/"frameBytes":\d+/, '"frameBytes":65824');
    expect(decodeHead(bytes).manifest.image.chunks[0]?.frameBytes).toBe(65_824);
  });

  test.each(['0.0.0', '1.2.3', '10.20.30-rc.1', '1.0.0-0.a-b.0a', '999999999.0.0--'])(
    'may have the version %s',
    (version) => {
      const bytes = replaced('"version":"2.0.0"', `"version":"${version}"`);
      expect(decodeHead(bytes).manifest.version).toBe(version);
    },
  );

  test('may have its keys in any order; its bytes are kept', () => {
    const { format, ...rest } = manifestFor(head.manifest.image);
    const text = `${MANIFEST_HEADER}${JSON.stringify({ ...rest, format }, null, 1)}\n`;
    expect(decodeHead(headOf(text)).manifestBytes.toString()).toBe(text);
  });
});

describe('a list of signatures', () => {
  test.each([
    ['is not JSON', '{"signatures"', '{signatures'],
    ['has an extra space', '{"signatures"', '{ "signatures"'],
    ['has an unknown key', '{"signatures"', '{"extra":1,"signatures"'],
    [
      'has keys in another order',
      /"keyId":("[^"]*"),"algorithm":"ed25519"/,
      '"algorithm":"ed25519","keyId":$1',
    ],
    ['has another algorithm', 'ed25519', 'rsa4096'],
    ['has a key id in upper case', /"keyId":"[^"]*"/, `"keyId":"${'A'.repeat(32)}"`],
    ['has a signature that is too short', /"signature":"[^"]*"/, '"signature":"AAAA"'],
    ['has a signature that is not base64', /"signature":"./, '"signature":"*'],
    ['has a duplicate signature', /\[(.*)\]/, '[$1,$1]'],
  ])('that %s is refused', async (_name, from, to) => {
    const bytes = headOf(manifestText(), signaturesText().replace(from, to));
    const error = await thrownBy(() => decodeHead(bytes));
    expect(error).toMatchObject({ code: 'signatures-invalid', exitCode: 5 });
  });

  test('may be empty, and has at most 16 entries', async () => {
    const list = Array.from({ length: Limit.signatures + 1 }, (_, index) => ({
      keyId: index.toString(16).padStart(32, '0'),
      algorithm: 'ed25519' as const,
      signature: Buffer.alloc(64, index).toString('base64'),
    }));
    const withList = (count: number) =>
      headOf(
        manifestText(),
        `micro-linux update signatures 1\n${JSON.stringify({ signatures: list.slice(0, count) })}\n`,
      );
    expect(decodeHead(withList(0)).signatures).toEqual([]);
    expect(decodeHead(withList(16)).signatures).toEqual(list.slice(0, 16));
    expect((await thrownBy(() => decodeHead(withList(17)))).code).toBe('signatures-invalid');
  });
});

test('any other beginning fails with a MicroLinuxError', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 64 }),
      async (manifest, rest) => {
        const bytes = Buffer.concat([skippableFrame(SkippableMagic.manifest, manifest), rest]);
        const error = await thrownBy(() => readHead(pipeOf(bytes)));
        expect(['not-an-update', 'manifest-invalid']).toContain(error.code);
      },
    ),
  );
});
