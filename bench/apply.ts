import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MIB, run, shellQuote } from '@micro-linux/core';
import { build } from 'esbuild';
import { makeDevice } from './apply/bench-device.ts';
import { makeSlotImage, makeUpdate } from './apply/make-update.ts';
import { casync, type Peer, rauc } from './apply/peers.ts';
import { Samples, seconds, table } from './chunk-size/samples.ts';

/**
 * A whole apply (verified before the write and after it) against `zstd -dc update.img | dd
 * conv=fsync` (not verified at all) into the same file on the same disk, in turn, in one run. With
 * --peers also against casync and RAUC, which it installs; RAUC needs root and a loop device.
 *
 * Usage: node bench/apply.ts [--peers] [--directory DIR] [IMAGE [ROUNDS]]
 * IMAGE: a slot image, as the builder's cache holds it; a synthetic one unless given.
 */
const words = process.argv.slice(2);
const peersWanted = takeFlag('--peers');
const parent = takeOption('--directory') ?? '/var/tmp';
const [givenImage, givenRounds] = words;
const rounds = Number(givenRounds ?? 9);
const PEER_ROUNDS = 3;

const scratch = await mkdtemp(join(parent, 'micro-linux-bench-'));
const at = (name: string) => join(scratch, name);
try {
  await main();
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const image = givenImage ?? (await makeSlotImage(scratch));
  const update = await makeUpdate(scratch, image);
  const bytes = (await stat(image)).size;
  const target = at('target');
  await writeFile(target, '');
  // As a slot: larger than the image, and its blocks allocated, as on a disk.
  await run('dd', [
    'if=/dev/zero',
    `of=${target}`,
    'bs=4M',
    `count=${Math.ceil(bytes / (4 * MIB)) + 4}`,
  ]);
  await bundleChild();
  const device = {
    directory: at('device'),
    update: update.path,
    publicPem: update.publicPem,
    manifest: update.manifest,
    target,
  };
  const samples = new Samples();

  const reference = (to: string) =>
    run('sh', [
      '-c',
      `zstd -dc ${shellQuote(update.path)} | dd of=${shellQuote(to)} bs=4M conv=fsync,notrunc`,
    ]);
  async function apply(): Promise<number> {
    const description = await makeDevice(device);
    const startedAt = performance.now();
    const { stdout } = await run(process.execPath, [at('apply-child.mjs'), description]);
    const spent = (performance.now() - startedAt) / 1000;
    const told = JSON.parse(stdout);
    if (told.kind !== 'armed' || told.chunks !== update.manifest.image.chunks.length) {
      throw new Error(`not a full apply: ${stdout}`);
    }
    samples.add('apply, RSS', told.rssMib);
    return spent;
  }

  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ['apply', 'zstd'] : ['zstd', 'apply'];
    const spent: Record<string, number> = {};
    for (const name of order) {
      await scramble(target, bytes);
      spent[name] = name === 'apply' ? await apply() : await seconds(() => reference(target));
      await expectImage(target, bytes, update.manifest.image.sha256);
    }
    const { apply: ours = Number.NaN, zstd: theirs = Number.NaN } = spent;
    samples.add('apply', ours);
    samples.add('zstd', theirs);
    samples.add('ratio', ours / theirs);
    const again = await makeAgain();
    samples.add('again', again);

    async function makeAgain(): Promise<number> {
      // The slot holds it, its head says so: only the reading is left.
      await apply();
      return seconds(() =>
        run(process.execPath, [at('apply-child.mjs'), join(device.directory, 'device.json')]),
      );
    }
  }
  const row = (name: string, key: string, ratio: string) => [
    name,
    `${samples.median(key).toFixed(2)} s`,
    ratio,
  ];
  const rows = [
    row('`zstd -dc \\| dd bs=4M conv=fsync`, not verified', 'zstd', '1'),
    row('ota-agent apply, whole', 'apply', samples.median('ratio').toFixed(2)),
    row('ota-agent apply of what is there', 'again', ''),
    ...(peersWanted ? await comparePeers(image, bytes, target, reference) : []),
  ];
  process.stdout.write(
    [
      `image ${(bytes / MIB).toFixed(0)} MiB${givenImage ? '' : ' (synthetic)'}, update ${((await stat(update.path)).size / MIB).toFixed(0)} MiB, ${update.manifest.image.chunks.length} chunks, ${rounds} rounds`,
      `peak RSS of an apply: median ${samples.median('apply, RSS').toFixed(0)} MiB`,
      '',
      table(['', 'median', 'to the reference, same round'], rows),
    ].join('\n'),
  );
}

/** Peers against the reference on the same target, in the same round. */
async function comparePeers(
  image: string,
  bytes: number,
  target: string,
  reference: (to: string) => Promise<unknown>,
): Promise<readonly (readonly string[])[]> {
  const samples = new Samples();
  const rows: string[][] = [];
  for (const prepare of [rauc, casync]) {
    const peer = await prepare({ directory: scratch, image, target });
    if ('skipped' in peer) {
      process.stderr.write(`SKIPPED ${peer.name}: ${peer.skipped}\n`);
      rows.push([peer.name, 'skipped', '']);
      continue;
    }
    try {
      for (let round = 0; round < PEER_ROUNDS; round += 1) {
        await truncate(peer.target, 0).catch(() => undefined);
        samples.add(peer.name, await timed(peer));
        const expected = createHash('sha256');
        await pipeline(createReadStream(image), expected);
        await expectImage(peer.target, bytes, expected.digest('hex'));
        const theirs = await seconds(() => reference(peer.target));
        samples.add(`${peer.name}, reference`, theirs);
      }
      const [spent, compared] = [peer.name, `${peer.name}, reference`].map((name) =>
        samples.median(name),
      );
      rows.push([peer.name, `${spent?.toFixed(2)} s`, ((spent ?? 0) / (compared ?? 1)).toFixed(2)]);
    } catch (error) {
      process.stderr.write(`SKIPPED ${peer.name}: ${String(error)}\n`);
      rows.push([peer.name, 'skipped', '']);
    } finally {
      await peer.cleanUp();
    }
  }
  return rows;
}

async function timed(peer: Peer): Promise<number> {
  let told: unknown;
  const spent = await seconds(async () => {
    told = await peer.install();
  });
  return typeof told === 'number' && Number.isFinite(told) ? told : spent;
}

/** So that nobody profits from what was there before. */
async function scramble(target: string, bytes: number): Promise<void> {
  await run('dd', [
    'if=/dev/zero',
    `of=${target}`,
    'bs=4M',
    `count=${Math.ceil(bytes / (4 * MIB))}`,
    'conv=notrunc,fsync',
  ]);
}

async function expectImage(path: string, bytes: number, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { end: bytes - 1 }), hash);
  if (hash.digest('hex') !== sha256) {
    throw new Error(`${path} does not hold the image`);
  }
}

async function bundleChild(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'apply/apply-child.ts')],
    outfile: at('apply-child.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'error',
    banner: { js: 'const require=(id)=>process.getBuiltinModule(id);' },
  });
}

function takeFlag(name: string): boolean {
  const index = words.indexOf(name);
  return index !== -1 && words.splice(index, 1).length === 1;
}

function takeOption(name: string): string | undefined {
  const index = words.indexOf(name);
  return index === -1 ? undefined : words.splice(index, 2)[1];
}
