import { hash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';
import {
  compressImage,
  DEFAULT_CHUNK_BYTES,
  DEFAULT_LEVEL,
  encodeManifest,
  writeUpdate,
} from '@micro-linux/update-image/write';
import { Samples, seconds, table } from './chunk-size/samples.ts';
import { noise, writeSyntheticImage } from './chunk-size/synthetic-image.ts';

/**
 * What the length of a chunk, the level and the hash cost; all in one run and in turn, because the
 * machines this runs on are noisy. Usage: node bench/chunk-size.ts [IMAGE [OLD_IMAGE]]
 * OLD_IMAGE: an earlier slot image, to count the chunks that both have.
 */
const KIB = 1024;
const CHUNK_SIZES = [256, 512, 1024, 2048, 4096, 8192].map((kib) => kib * KIB);
const LEVELS = [3, 6, 9, 12, 15, 19];
const HASHES = ['sha256', 'sha512', 'blake2b512'];
const IN_FLIGHT = 3;
const ROUNDS = 5;
const SYNTHETIC_MIB = 256;

const [givenImage, oldImage] = process.argv.slice(2);
const scratch = await mkdtemp(join(tmpdir(), 'micro-linux-bench-'));
try {
  const image = givenImage ?? join(scratch, 'synthetic.img');
  if (!givenImage) {
    await writeSyntheticImage(image, SYNTHETIC_MIB);
  }
  const { size } = await stat(image);
  process.stdout.write(
    `image: ${(size / MIB).toFixed(0)} MiB${givenImage ? '' : ', synthetic'}\n\n`,
  );
  process.stdout.write(`${await chunkSizes(image)}\n${await levels(image)}\n${await hashes()}`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** One row for each chunk length; the last is zstd's own program, with one frame. */
async function chunkSizes(image: string): Promise<string> {
  const samples = new Samples();
  const updates = new Map<number, { file: string; bytes: number; headBytes: number }>();
  const single = join(scratch, 'single.zst');
  const level = `-${DEFAULT_LEVEL}`;
  await run('zstd', ['-q', '-f', level, image, '-o', single]);
  const singleBytes = (await stat(single)).size;

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const chunkBytes of CHUNK_SIZES) {
      const name = `${chunkBytes / KIB}`;
      const update = await makeUpdate(image, chunkBytes, DEFAULT_LEVEL, (spent) =>
        samples.add(`compress ${name}`, spent),
      );
      updates.set(chunkBytes, update);
      const decoded = await decode(update.file);
      samples.add(`decode ${name}`, decoded.seconds);
      samples.add(`rss ${name}`, decoded.peakMiB);
    }
    samples.add(
      'compress single',
      await seconds(() => run('zstd', ['-q', '-f', '-T2', level, image, '-o', single])),
    );
    samples.add('decode single', await seconds(() => run('zstd', ['-q', '-t', single])));
  }

  const rows: string[][] = [];
  for (const chunkBytes of CHUNK_SIZES) {
    const { bytes, headBytes } = updates.get(chunkBytes) ?? { bytes: 0, headBytes: 0 };
    const name = `${chunkBytes / KIB}`;
    rows.push([
      `${name} KiB`,
      (bytes / MIB).toFixed(1),
      (bytes / singleBytes).toFixed(3),
      (headBytes / KIB).toFixed(0),
      samples.median(`compress ${name}`).toFixed(2),
      samples.median(`decode ${name}`).toFixed(2),
      samples.median(`rss ${name}`).toFixed(0),
      oldImage ? (await missingBytes(image, oldImage, chunkBytes)).toFixed(1) : '–',
    ]);
  }
  rows.push([
    'zstd, one frame',
    (singleBytes / MIB).toFixed(1),
    '1.000',
    '–',
    samples.median('compress single').toFixed(2),
    samples.median('decode single').toFixed(2),
    '–',
    '–',
  ]);
  return table(
    [
      'chunk',
      'MiB',
      'to one frame',
      'head KiB',
      'compress s',
      `decode + SHA-256 s`,
      'its peak RSS MiB',
      'not in the old image, MiB',
    ],
    rows,
  );
}

async function levels(image: string): Promise<string> {
  const rows: string[][] = [];
  for (const level of LEVELS) {
    let spent = Number.NaN;
    const { bytes, file } = await makeUpdate(image, DEFAULT_CHUNK_BYTES, level, (s) => {
      spent = s;
    });
    const decoded = await decode(file);
    rows.push([
      String(level),
      (bytes / MIB).toFixed(1),
      spent.toFixed(1),
      decoded.seconds.toFixed(2),
    ]);
  }
  return table(['level', 'MiB', 'compress s', 'decode + SHA-256 s'], rows);
}

async function hashes(): Promise<string> {
  const samples = new Samples();
  const data = noise('hash', DEFAULT_CHUNK_BYTES);
  const repeats = 200;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const algorithm of HASHES) {
      const spent = await seconds(() => {
        for (let index = 0; index < repeats; index += 1) {
          hash(algorithm, data);
        }
      });
      samples.add(algorithm, (repeats * data.length) / 1e6 / spent);
    }
  }
  return table(
    ['hash', 'MB/s, one core'],
    HASHES.map((name) => [name, samples.median(name).toFixed(0)]),
  );
}

async function makeUpdate(
  image: string,
  chunkBytes: number,
  level: number,
  onSeconds: (spent: number) => void,
): Promise<{ file: string; bytes: number; headBytes: number }> {
  const payload = join(scratch, 'payload');
  const file = join(scratch, `${chunkBytes}.img`);
  let about: Manifest['image'] | undefined;
  onSeconds(
    await seconds(async () => {
      const made = await compressImage({ image, output: payload, level, chunkBytes });
      about = { ...made, chunks: [...made.chunks] };
    }),
  );
  if (!about) {
    throw new Error('compressImage gave nothing');
  }
  const manifestBytes = encodeManifest({
    format: 'micro-linux-update',
    schema: 1,
    compatible: 'bench',
    version: '1.0.0',
    rollbackIndex: 0,
    architecture: 'x86_64',
    profile: 'bench',
    buildId: 'bench',
    kernel: 'bench',
    image: about,
  });
  await writeUpdate({ output: file, payload, manifestBytes, signatures: [] });
  return { file, bytes: (await stat(file)).size, headBytes: manifestBytes.length };
}

async function decode(update: string): Promise<{ seconds: number; peakMiB: number }> {
  const child = join(import.meta.dirname, 'chunk-size', 'decode-child.ts');
  const { stdout } = await run(process.execPath, [child, update, String(IN_FLIGHT)]);
  return JSON.parse(stdout) as { seconds: number; peakMiB: number };
}

/** What of `image` is in no chunk of `old`, compressed, in MiB. */
async function missingBytes(image: string, old: string, chunkBytes: number): Promise<number> {
  const output = join(scratch, 'reuse');
  const before = await compressImage({ image: old, output, level: 1, chunkBytes });
  const after = await compressImage({ image, output, level: DEFAULT_LEVEL, chunkBytes });
  const known = new Set(before.chunks.map(({ sha256 }) => sha256));
  return after.chunks.reduce((sum, c) => sum + (known.has(c.sha256) ? 0 : c.frameBytes), 0) / MIB;
}
