import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MIB, run, shellQuote } from '@micro-linux/core';
import { buildAgent } from 'ota-agent/build';
import { writeLauncher } from './agent-launcher.ts';
import { makeDevice } from './apply/bench-device.ts';
import { type BenchUpdate, benchUpdate, makeSlotImage } from './apply/bench-update.ts';
import { blockDevice, plainFile, type Target } from './apply/block-device.ts';
import { casync, rauc } from './apply/peers.ts';
import { table } from './chunk-size/samples.ts';
import { type Measured, measure, Rounds } from './measure.ts';

/**
 * A whole apply (verified before the write and after it) against `zstd -dc update.img | dd
 * conv=fsync` (not verified at all) onto the same block device, in turn, in one run: a loop device,
 * which needs root; --file writes into its file instead. With --peers also against casync and RAUC,
 * which it installs; RAUC needs root.
 *
 * Usage: node bench/apply.ts [--peers] [--file] [--directory DIR] [IMAGE [ROUNDS]]
 * IMAGE: a slot image, as the builder's cache holds it; a synthetic one unless given.
 */
const words = process.argv.slice(2);
const peersWanted = takeFlag('--peers');
const fileWanted = takeFlag('--file');
const parent = takeOption('--directory') ?? '/var/tmp';
const [givenImage, givenRounds] = words;
const rounds = Number(givenRounds ?? 9);
const PEER_ROUNDS = 3;
const PIECE_BYTES = 4 * MIB;

const scratch = await mkdtemp(join(parent, 'micro-linux-bench-'));
const at = (name: string) => join(scratch, name);
try {
  const image = givenImage ?? (await makeSlotImage(scratch));
  const bytes = (await stat(image)).size;
  const file = at('target');
  // As a slot: larger than the image, and its blocks allocated, as on a disk.
  await zeros(file, bytes + 4 * PIECE_BYTES);
  const target = fileWanted ? plainFile(file) : await blockDevice(file);
  try {
    await main(image, bytes, target);
  } finally {
    await target.release();
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function main(image: string, bytes: number, { path: target, title }: Target): Promise<void> {
  const update = await benchUpdate(scratch, image);
  await bundleChild();
  const device = {
    directory: at('device'),
    update: update.path,
    publicPem: update.publicPem,
    manifest: update.manifest,
    target,
  };
  const figures = new Rounds();
  const childCommand = (...args: readonly string[]) =>
    [at('apply-child'), ...args].map(shellQuote).join(' ');
  const reference = () =>
    measure(
      `zstd -dc ${shellQuote(update.path)} | dd of=${shellQuote(target)} bs=4M conv=fsync,notrunc`,
    );

  async function apply(name: string): Promise<Measured> {
    const description = await makeDevice(device);
    const measured = await (name === 'stdin'
      ? measure(`cat ${shellQuote(update.path)} | ${childCommand(description, '--stdin')}`)
      : measure(childCommand(description)));
    const told = JSON.parse(measured.stdout);
    if (told.kind !== 'armed' || told.chunks !== update.manifest.image.chunks.length) {
      throw new Error(`not a full apply: ${measured.stdout}`);
    }
    figures.add(`${name} rss`, told.rssMib);
    return measured;
  }

  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? ['apply', 'zstd', 'stdin'] : ['stdin', 'zstd', 'apply']) {
      await zeros(target, bytes);
      figures.note(name, name === 'zstd' ? await reference() : await apply(name));
      await expectImage(target, bytes, update.manifest.image.sha256);
    }
    // The slot contains it already: only the read is left.
    await apply('apply');
    figures.note('again', await measure(childCommand(join(device.directory, 'device.json'))));
  }

  const row = (title: string, name: string) => [
    title,
    ...['wall', 'cpu'].flatMap((kind) => [
      `${figures.median(`${name} ${kind}`).toFixed(2)} s`,
      figures.ratio(`${name} ${kind}`, `zstd ${kind}`).toFixed(2),
    ]),
  ];
  const rss = (name: string) => figures.median(`${name} rss`).toFixed(0);
  const updateMib = (await stat(update.path)).size / MIB;
  const rows = [
    row('`zstd -dc \\| dd bs=4M conv=fsync`, not verified', 'zstd'),
    row('ota-agent apply, whole', 'apply'),
    row('ota-agent apply, from standard input', 'stdin'),
    row('ota-agent apply of what is there', 'again'),
    ...(peersWanted ? await comparePeers(update.manifest.image, image, target, reference) : []),
  ];
  process.stdout.write(
    [
      `image ${(bytes / MIB).toFixed(0)} MiB${givenImage ? '' : ' (synthetic)'}, update ${updateMib.toFixed(0)} MiB, ${update.manifest.image.chunks.length} chunks, onto ${title}, ${rounds} rounds`,
      `peak RSS of an apply: median ${rss('apply')} MiB, from standard input ${rss('stdin')} MiB`,
      '',
      table(['median', 'wall', 'ratio, same round', 'CPU', 'ratio, same round'], rows),
    ].join('\n'),
  );
}

/** Peers against the reference on the same target, in the same round; their CPU is not theirs alone. */
async function comparePeers(
  { bytes, sha256 }: BenchUpdate['manifest']['image'],
  image: string,
  target: string,
  reference: () => Promise<Measured>,
): Promise<readonly (readonly string[])[]> {
  const figures = new Rounds();
  const rows: string[][] = [];
  for (const prepare of [rauc, casync]) {
    const peer = await prepare({ directory: scratch, image, target });
    if ('skipped' in peer) {
      process.stderr.write(`SKIPPED ${peer.name}: ${peer.skipped}\n`);
      rows.push([peer.name, 'skipped', '', '', '']);
      continue;
    }
    try {
      for (let round = 0; round < PEER_ROUNDS; round += 1) {
        await zeros(target, bytes);
        figures.add(peer.name, await peer.install());
        await expectImage(target, bytes, sha256);
        await zeros(target, bytes);
        figures.add(`${peer.name}, reference`, (await reference()).wall);
      }
      const ratio = figures.ratio(peer.name, `${peer.name}, reference`);
      rows.push([peer.name, `${figures.median(peer.name).toFixed(2)} s`, ratio.toFixed(2), '', '']);
    } catch (error) {
      process.stderr.write(`SKIPPED ${peer.name}: ${String(error)}\n`);
      rows.push([peer.name, 'skipped', '', '', '']);
    }
  }
  return rows;
}

/**
 * So that no run benefits from earlier content. Past the page cache: otherwise the first run would
 * measure the write-back of those pages.
 */
async function zeros(target: string, bytes: number): Promise<void> {
  await run('dd', [
    ...['if=/dev/zero', `of=${target}`, `bs=${PIECE_BYTES}`, 'oflag=direct', 'conv=notrunc,fsync'],
    `count=${Math.ceil(bytes / PIECE_BYTES)}`,
  ]);
}

async function expectImage(path: string, bytes: number, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { end: bytes - 1 }), hash);
  if (hash.digest('hex') !== sha256) {
    throw new Error(`${path} does not contain the image`);
  }
}

async function bundleChild(): Promise<void> {
  const main = join(import.meta.dirname, 'apply/apply-child.ts');
  await buildAgent({ output: at('apply-child.mjs'), main });
  await writeLauncher(at('apply-child'), at('apply-child.mjs'));
}

function takeFlag(name: string): boolean {
  const index = words.indexOf(name);
  return index !== -1 && words.splice(index, 1).length === 1;
}

function takeOption(name: string): string | undefined {
  const index = words.indexOf(name);
  return index === -1 ? undefined : words.splice(index, 2)[1];
}
