import { hash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { compressImage, DEFAULT_CHUNK_BYTES, DEFAULT_LEVEL } from '@micro-linux/update-image/write';
import { type MadeUpdate, makeUpdate } from './chunk-size/make-update.ts';
import { Samples, type Spent, spent, table } from './chunk-size/samples.ts';
import { noise, writeSyntheticImage } from './chunk-size/synthetic-image.ts';

/**
 * Cost of chunk length, compression level and hash, measured in turn in one run, because the
 * machines this runs on are noisy. Usage: node bench/chunk-size.ts [IMAGE [OLD_IMAGE]]
 * OLD_IMAGE: an earlier slot image, to count the chunks that both have.
 */
const KIB = 1024;
const CHUNK_SIZES = [256, 512, 1024, 2048, 4096, 8192].map((kib) => kib * KIB);
const LEVELS = [3, 6, 9, 12, 15, 19];
const HASHES = ['sha256', 'sha512', 'blake2b512'];
const IN_FLIGHT = 3;
const ROUNDS = 3;
const SYNTHETIC_MIB = 256;

const [givenImage, oldImage] = process.argv.slice(2);
const scratch = await mkdtemp(join(tmpdir(), 'micro-linux-bench-'));
try {
  const image = givenImage ?? join(scratch, 'synthetic.img');
  if (!givenImage) {
    await writeSyntheticImage(image, SYNTHETIC_MIB);
  }
  const { size } = await stat(image);
  const kind = givenImage ? '' : ', synthetic';
  process.stdout.write(`image: ${(size / MIB).toFixed(0)} MiB${kind}\n\n`);
  for (const part of [hashes, chunkSizes, levels]) {
    process.stdout.write(`${await part(image)}\n`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** One row for each chunk length; the last is zstd's own program, with one frame. */
async function chunkSizes(image: string): Promise<string> {
  const samples = new Samples();
  const updates = new Map<number, MadeUpdate>();
  const single = join(scratch, 'single.zst');
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const chunkBytes of CHUNK_SIZES) {
      const update = await makeUpdate({ image, scratch, chunkBytes, level: DEFAULT_LEVEL });
      updates.set(chunkBytes, update);
      samples.add(`compress ${chunkBytes}`, update.compress);
      const decoded = await decode(update.file);
      samples.add(`decode ${chunkBytes}`, decoded);
      samples.addNumber(`memory ${chunkBytes}`, decoded.memoryMiB);
    }
    const pack = ['-q', '-f', '-T2', `-${DEFAULT_LEVEL}`, image, '-o', single];
    samples.add('compress', await spent(() => run('zstd', pack)));
    samples.add('decode', await spent(() => run('zstd', ['-q', '-t', single])));
  }

  const singleBytes = (await stat(single)).size;
  const rows: string[][] = [];
  for (const [chunkBytes, { bytes, headBytes }] of updates) {
    rows.push([
      `${chunkBytes / KIB} KiB`,
      (bytes / MIB).toFixed(1),
      (bytes / singleBytes).toFixed(3),
      (headBytes / KIB).toFixed(0),
      samples.show(`compress ${chunkBytes}`),
      samples.show(`decode ${chunkBytes}`),
      samples.median(`memory ${chunkBytes}`).toFixed(0),
      oldImage ? (await missingBytes(image, oldImage, chunkBytes)).toFixed(1) : '–',
    ]);
  }
  const wall = (name: string) => `${samples.median(`${name} wall`).toFixed(2)}`;
  rows.push([
    ...['one frame, zstd -T2', (singleBytes / MIB).toFixed(1), '1.000', '–'],
    ...[wall('compress'), wall('decode'), '–', '–'],
  ]);
  return table(
    [
      ...['chunk', 'MiB', 'to one frame', 'head KiB', 'compress s (CPU s)'],
      ...['decode + SHA-256 s (CPU s)', 'its memory, MiB', 'not in the old image, MiB'],
    ],
    rows,
  );
}

async function levels(image: string): Promise<string> {
  const rows: string[][] = [];
  for (const level of LEVELS) {
    const update = await makeUpdate({ image, scratch, chunkBytes: DEFAULT_CHUNK_BYTES, level });
    const samples = new Samples();
    samples.add('compress', update.compress);
    samples.add('decode', await decode(update.file));
    rows.push([
      ...[String(level), (update.bytes / MIB).toFixed(1)],
      ...[samples.show('compress'), samples.show('decode')],
    ]);
  }
  return table(['level', 'MiB', 'compress s (CPU s)', 'decode + SHA-256 s (CPU s)'], rows);
}

async function hashes(): Promise<string> {
  const samples = new Samples();
  const data = noise('hash', DEFAULT_CHUNK_BYTES);
  const repeats = 200;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const algorithm of HASHES) {
      const { cpu } = await spent(() => {
        for (let index = 0; index < repeats; index += 1) {
          hash(algorithm, data);
        }
      });
      samples.addNumber(algorithm, (repeats * data.length) / 1e6 / cpu);
    }
  }
  return table(
    ['hash', 'MB/s of CPU time'],
    HASHES.map((name) => [name, samples.median(name).toFixed(0)]),
  );
}

async function decode(update: string): Promise<Spent & { readonly memoryMiB: number }> {
  const child = join(import.meta.dirname, 'chunk-size', 'decode-child.ts');
  const { stdout } = await run(process.execPath, [child, update, String(IN_FLIGHT)]);
  return JSON.parse(stdout) as Spent & { memoryMiB: number };
}

/** What of `image` is in no chunk of `old`, compressed, in MiB. */
async function missingBytes(image: string, old: string, chunkBytes: number): Promise<number> {
  const output = join(scratch, 'reuse');
  const before = await compressImage({ image: old, output, level: 1, chunkBytes });
  const after = await compressImage({ image, output, level: DEFAULT_LEVEL, chunkBytes });
  const known = new Set(before.chunks.map(({ sha256 }) => sha256));
  return after.chunks.reduce((sum, c) => sum + (known.has(c.sha256) ? 0 : c.frameBytes), 0) / MIB;
}
