import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const releaseSchema = z.object({
  /** Address of the suite's InRelease. */
  url: z.string(),
  suite: z.string(),
  /** When the archive made it, ISO 8601; null: unknown. */
  date: z.string().nullable(),
  /** Digest of the package lists in it; null: it has none. */
  index: z.string().nullable(),
});

const stateSchema = z.object({
  /** When the packages were fetched, ISO 8601. */
  fetchedAt: z.string(),
  /** Empty if unknown. */
  releases: z.array(releaseSchema),
});

/** One suite of an archive, as it was when packages were taken from it. */
export type ArchiveRelease = Readonly<z.output<typeof releaseSchema>>;

/** The archive as it was when the packages of a root file system were fetched. */
export interface ArchiveState {
  readonly fetchedAt: string;
  readonly releases: readonly ArchiveRelease[];
}

/** Beside rootfs.tar. */
const STATE_FILE = 'archive.json';

/** Fields of a suite's InRelease. Nothing in it is verified. */
export function describeRelease(
  inRelease: string,
  { url, suite, components }: { url: string; suite: string; components: readonly string[] },
): ArchiveRelease {
  const said = /^Date: *(.+)$/m.exec(inRelease)?.[1] ?? '';
  const date = new Date(said);
  const lists = inRelease
    .split('\n')
    .filter((line) => /^ [0-9a-f]{64} +\d+ /.test(line))
    .filter((line) => components.some((name) => line.includes(` ${name}/binary-amd64/Packages`)))
    .sort();
  return {
    url,
    suite,
    date: Number.isNaN(date.getTime()) ? null : date.toISOString(),
    index: lists.length === 0 ? null : createHash('sha256').update(lists.join('\n')).digest('hex'),
  };
}

/** Records next to a root file system what it was made from. */
export async function writeArchiveState(directory: string, state: ArchiveState): Promise<void> {
  await writeFile(join(directory, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`);
}

/** Facts about a root file system in the cache; for an older one, only when it was made. */
export async function readArchiveState(directory: string): Promise<ArchiveState> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(join(directory, STATE_FILE), 'utf8')));
  } catch {
    const { mtime } = await stat(join(directory, 'rootfs.tar'));
    return { fetchedAt: mtime.toISOString(), releases: [] };
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** `2026-11-20, 10 days old` */
export function ageInWords(fetchedAt: string, now: Date): string {
  const days = Math.floor((now.getTime() - new Date(fetchedAt).getTime()) / DAY_MS);
  const words = days <= 0 ? 'less than a day old' : days === 1 ? '1 day old' : `${days} days old`;
  return `${fetchedAt.slice(0, 10)}, ${words}`;
}
