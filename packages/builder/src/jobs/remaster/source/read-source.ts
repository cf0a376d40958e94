import { constants } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Runner, reasonOf } from '@micro-linux/core';
import { fileDigest } from '../../../plan/digest.ts';
import { drive, xorriso } from '../../../steps/medium/xorriso.ts';
import { makeOwnFolder } from '../../../system/temporary/own-folder.ts';
import { type Listing, parseListing } from './listing.ts';
import { DOWNLOAD_HINT, sourceError } from './source-error.ts';
import { readVolume, type Volume } from './volume.ts';

/** Files that are read as text, all small. */
export const TextPath = {
  diskInfo: '/.disk/info',
  menu: '/boot/grub/grub.cfg',
  loopbackMenu: '/boot/grub/loopback.cfg',
  sources: '/casper/install-sources.yaml',
  sums: '/md5sum.txt',
} as const;

export type TextPath = (typeof TextPath)[keyof typeof TextPath];

/** All facts about an ISO that a remaster needs; read once. */
export interface SourceFacts {
  readonly path: string;
  readonly volume: Volume;
  readonly files: Listing;
  /** The existing files of {@link TextPath}. */
  readonly texts: ReadonlyMap<TextPath, string>;
  /** xorriso's `-report_el_torito as_mkisofs`. */
  readonly bootReport: string;
}

/** What reading an ISO needs. */
export interface SourceTools {
  readonly run: Runner;
  readonly signal: AbortSignal;
  /** Directory for a few small temporary files. */
  readonly temporary: string;
}

/**
 * Reads as little as possible of an ISO: its first sectors, the names in it, five small files.
 *
 * @param sha256 expected digest of the whole file, in hex; undefined: not checked.
 * @throws MicroLinuxError, exit code 2: `source-iso-missing`, `source-iso-no-iso`,
 *   `source-iso-truncated`, `source-iso-checksum`.
 */
export async function readSource(
  path: string,
  sha256: string | undefined,
  tools: SourceTools,
): Promise<SourceFacts> {
  const volume = await wholeVolume(path);
  if (sha256 !== undefined) {
    await compareDigest(path, sha256, tools.signal);
  }
  const { files, bootReport } = await readMedium(path, tools);
  return { path, volume, files, bootReport, texts: await readTexts(path, files, tools) };
}

/** The names on a medium, and its boot set-up. */
export async function readMedium(
  path: string,
  { run, signal }: Omit<SourceTools, 'temporary'>,
): Promise<Pick<SourceFacts, 'files' | 'bootReport'>> {
  const list = ['-indev', drive(path), '-find', '/', '-exec', 'lsdl', '--'];
  const report = ['-indev', drive(path), '-report_el_torito', 'as_mkisofs'];
  const listing = await xorriso(run, list, { signal });
  return {
    files: parseListing(listing.stdout),
    bootReport: (await xorriso(run, report, { signal })).stdout,
  };
}

async function wholeVolume(path: string): Promise<Volume> {
  // Opening a named pipe must not block until there is a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (cause: unknown) => {
      throw missing(path, reasonOf(cause), cause);
    },
  );
  try {
    const info = await file.stat();
    if (!info.isFile()) {
      throw missing(path, 'it is not a regular file');
    }
    const volume = await readVolume(file);
    if (!volume) {
      throw sourceError('source-iso-no-iso', {
        message: `${path} is not an ISO image`,
        why: 'it has no ISO 9660 file system',
        hint: DOWNLOAD_HINT,
      });
    }
    if (info.size < volume.bytes) {
      throw sourceError('source-iso-truncated', {
        message: `${path} is cut short`,
        why: `it has ${info.size} bytes; its own file system and partition table describe ${volume.bytes}`,
        hint: DOWNLOAD_HINT,
      });
    }
    return volume;
  } finally {
    await file.close();
  }
}

function missing(path: string, why: string, cause?: unknown) {
  return sourceError('source-iso-missing', {
    message: `the ISO ${path} cannot be read`,
    why,
    hint: 'fix SOURCE_ISO or --source-iso',
    cause,
  });
}

async function compareDigest(path: string, wanted: string, signal: AbortSignal): Promise<void> {
  const found = await fileDigest(path, signal);
  if (found !== wanted.trim().toLowerCase()) {
    throw sourceError('source-iso-checksum', {
      message: `${path} is not the file that the checksum is for`,
      why: `its SHA-256 is ${found}, not ${wanted}`,
      hint: DOWNLOAD_HINT,
    });
  }
}

async function readTexts(
  path: string,
  files: Listing,
  { run, signal, temporary }: SourceTools,
): Promise<ReadonlyMap<TextPath, string>> {
  const there = Object.values(TextPath).filter((name) => files.get(name)?.kind === 'file');
  const directory = await makeOwnFolder(temporary, 'micro-linux-source-', run);
  try {
    const place = (index: number) => join(directory, String(index));
    const extract = there.flatMap((name, index) => ['-extract_single', name, place(index)]);
    await xorriso(run, ['-osirrox', 'on', '-indev', drive(path), ...extract], { signal });
    const texts = await Promise.all(there.map((_, index) => readFile(place(index), 'utf8')));
    return new Map(there.map((name, index) => [name, texts[index] ?? '']));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
