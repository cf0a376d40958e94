import { afterEach, describe, expect, test, vi } from 'vitest';
import { pipeOf } from '../../test/support/buffer-source.ts';
import { testKey, trusting } from '../../test/support/sample-update.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { Limit, MANIFEST_HEADER } from '../manifest.ts';
import { signManifest } from '../write/sign-manifest.ts';
import { SkippableMagic, skippableFrame } from '../zstd/skippable-frame.ts';
import { manifestShapeProblem } from './manifest-shape.ts';
import { readHead, readVerifiedHead } from './read-head.ts';
import { encodeSignatures } from './signatures.ts';

const BEGIN = '{"format":"micro-linux-update","schema":1,"image":{"bytes":1,"chunks":[';
const ROOM = Limit.manifestBytes - MANIFEST_HEADER.length - BEGIN.length - 64;

/** JSON of the maximum length of a manifest, most of it repetitions of `piece`. */
const blownUp = (piece: string) =>
  `${BEGIN}${piece.repeat(Math.floor(ROOM / piece.length)).slice(0, -1)}]}}`;

const HOSTILE: readonly (readonly [string, string])[] = [
  ['empty objects', blownUp('{},')],
  ['empty lists', blownUp('[],')],
  ['numbers', blownUp('0,')],
  ['texts', blownUp('"",')],
  ['objects of unknown keys', blownUp('{"a":0},')],
  ['objects of known keys', blownUp('{"bytes":0},')],
  ['a deep nest', `${'['.repeat(ROOM)}}`],
  ['unknown keys', `{${Array.from({ length: 900_000 }, (_, at) => `"${at}":0`).join(',')}}`],
  ['a key with an escape in it', '{"\\u0066ormat":1}'],
  ['an ESC in a key', '{"\\u001b[2Jsignature ok":1}'],
];

function head(json: string, ...keys: readonly ReturnType<typeof testKey>[]): Buffer {
  const manifest = Buffer.from(`${MANIFEST_HEADER}${json}\n`);
  const signatures = keys.map(({ privateKey }) => signManifest(manifest, privateKey.key));
  return Buffer.concat([
    skippableFrame(SkippableMagic.manifest, manifest),
    skippableFrame(SkippableMagic.signatures, encodeSignatures(signatures)),
  ]);
}

afterEach(() => vi.restoreAllMocks());

describe('a manifest made to exhaust memory', () => {
  test.each(HOSTILE)('with %s is refused before its JSON is parsed', async (_name, json) => {
    const key = testKey();
    const parse = vi.spyOn(JSON, 'parse');
    const signed = head(json, key);
    const error = await thrownBy(() => readVerifiedHead(pipeOf(signed, 1 << 20), trusting(key)));
    expect(error).toMatchObject({ code: 'manifest-invalid', exitCode: 5 });
    expect((error.why ?? '').length).toBeLessThan(200);
    expect(error.why).not.toContain('\u001b');
    expect(await thrownBy(() => readHead(pipeOf(signed, 1 << 20)))).toMatchObject({
      code: 'manifest-invalid',
    });
    // The lists of signatures only.
    expect(parse.mock.calls.map(([text]) => text.length > 1000)).not.toContain(true);
  });

  test('is not read if it is not signed', async () => {
    const parse = vi.spyOn(JSON, 'parse');
    for (const [, json] of HOSTILE) {
      const unsigned = head(json, testKey());
      expect(
        await thrownBy(() => readVerifiedHead(pipeOf(unsigned, 1 << 20), trusting(testKey()))),
      ).toMatchObject({ code: 'key-unknown' });
    }
    expect(parse.mock.calls.map(([text]) => text.includes('format'))).not.toContain(true);
  });
});

test('a manifest may have spaces, escapes in values and keys in any order', () => {
  const chunk = { frameBytes: 1, frameSha256: 'a'.repeat(64), sha256: 'b'.repeat(64) };
  const list = Array.from({ length: 100 }, () => chunk);
  const manifest = {
    image: { chunks: list, bytes: 1, sha256: 'a'.repeat(64), chunkBytes: 65_536 },
    profile: 'a "quoted" \\ one: {[,',
  };
  for (const json of [JSON.stringify(manifest), JSON.stringify(manifest, null, 2)]) {
    expect(manifestShapeProblem(Buffer.from(json))).toBeUndefined();
  }
});
