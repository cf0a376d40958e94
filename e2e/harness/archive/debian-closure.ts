import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { type PrivateApt, privateApt } from './private-apt.ts';
import type { Toolbox } from './toolbox.ts';

/** What to download from Debian. */
export interface ClosureRequest {
  /** Directory for downloads and the apt that made them, kept between runs. */
  readonly cacheDirectory: string;
  /** sources.list lines of the Debian archive. */
  readonly sources: string;
  /** Packages to download with all their dependencies. */
  readonly install: readonly string[];
  /** Packages to download without their dependencies. */
  readonly alone: readonly string[];
}

/** Path of each package's .deb, by package name. */
export type Debs = ReadonlyMap<string, string>;

interface Downloaded {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** Packages that mmdebstrap installs first; they are resolved first and alone, as there. */
const ESSENTIAL = ['?essential', 'apt'];
/** Packages that its variants `required` and `minbase` add. */
const REQUIRED = '?priority(required)';

/**
 * Downloads a set of packages with all dependencies, without recommends, so that mmdebstrap can
 * install it from these files alone. The result is cached: the same request later needs neither
 * network nor apt, until the cache directory is removed.
 */
export async function downloadClosure(toolbox: Toolbox, request: ClosureRequest): Promise<Debs> {
  const { cacheDirectory, sources, install, alone } = request;
  const key = createHash('sha256')
    .update(JSON.stringify([2, sources, ESSENTIAL, REQUIRED, install, alone]))
    .digest('hex')
    .slice(0, 16);
  const record = join(cacheDirectory, `closure-${key}.json`);
  const archives = join(cacheDirectory, 'archives');
  const known = await readRecord(record, archives);
  if (known) {
    return debs(archives, known);
  }
  await mkdir(cacheDirectory, { recursive: true });
  const apt = await privateApt(toolbox, cacheDirectory, sources);
  await apt.get(['update', '--error-on=any']);
  const wanted = [...ESSENTIAL, REQUIRED, ...install];
  const found = [
    ...(await listUris(toolbox, apt, ['install', ...ESSENTIAL])),
    ...(await listUris(toolbox, apt, ['install', ...wanted])),
    ...(await listUris(toolbox, apt, ['download', ...alone])),
  ];
  await apt.get(['install', '--download-only', '--yes', ...ESSENTIAL]);
  await apt.get(['install', '--download-only', '--yes', ...wanted]);
  await apt.get(['download', ...alone], { cwd: apt.archives });
  const unique = [...new Map(found.map((one) => [one.name, one])).values()];
  unique.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { file, bytes } of unique) {
    if ((await sizeOf(join(archives, file))) !== bytes) {
      throw new MicroLinuxError({
        code: 'stand-in-download',
        message: `apt did not download ${file} whole`,
        hint: 'remove the cache directory of the stand-in archive and try again',
      });
    }
  }
  await writeFile(`${record}.new`, JSON.stringify(unique, null, 1));
  await rename(`${record}.new`, record);
  return debs(archives, unique);
}

/** What apt would download, as if nothing had been downloaded yet. */
async function listUris(
  toolbox: Toolbox,
  apt: PrivateApt,
  args: readonly string[],
): Promise<Downloaded[]> {
  const empty = join(toolbox.scratch, 'no-archives');
  await mkdir(join(empty, 'partial'), { recursive: true });
  const { stdout } = await apt.get(
    ['-o', `Dir::Cache::archives=${empty}`, '--print-uris', '--yes', ...args],
    { cwd: empty },
  );
  return stdout.split('\n').flatMap((line) => {
    const match = /^'\S+' (\S+\.deb) (\d+)\b/.exec(line);
    const file = match?.[1];
    return file ? [{ name: file.slice(0, file.indexOf('_')), file, bytes: Number(match[2]) }] : [];
  });
}

/** The record of an earlier run, if all its files are still there. */
async function readRecord(record: string, archives: string): Promise<Downloaded[] | undefined> {
  const text = await readFile(record, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return undefined;
  }
  // Written only by this file, and renamed when complete.
  const downloaded = JSON.parse(text) as Downloaded[];
  for (const { file, bytes } of downloaded) {
    if ((await sizeOf(join(archives, file))) !== bytes) {
      return undefined;
    }
  }
  return downloaded;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}

function debs(archives: string, downloaded: readonly Downloaded[]): Debs {
  return new Map(downloaded.map(({ name, file }) => [name, join(archives, file)]));
}
