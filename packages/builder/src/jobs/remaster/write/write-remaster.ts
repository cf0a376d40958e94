import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MIB, MicroLinuxError, type Progress, type Runner } from '@micro-linux/core';
import { replaceFile } from '@micro-linux/core/files';
import { makePrivateFile, PRIVATE_MODE } from '../../../plan/private-file.ts';
import { xorriso } from '../../../steps/medium/xorriso.ts';
import { makeOwnFolder } from '../../../system/temporary/own-folder.ts';
import { partialPath } from '../../../system/temporary/partial-file.ts';
import type { Placed, RemasterPlan } from '../plan/plan-remaster.ts';
import { isBelow } from '../plan/slim.ts';
import { rewriteSums } from '../plan/sums.ts';
import { readMedium, type SourceFacts, TextPath } from '../source/read-source.ts';
import { checkRemaster } from './check-remaster.ts';
import { type Mapped, remasterCommands } from './xorriso-commands.ts';

/** What writing a remaster needs. */
export interface WriteTools {
  readonly run: Runner;
  readonly signal: AbortSignal;
  /** Directory for small temporary files. */
  readonly temporary: string;
  readonly progress: (progress: Progress) => void;
}

/** Space for directories, the partition table and rounding, in addition to the files. */
const ROOM_BYTES = 16 * MIB;

/**
 * Writes a remaster next to `output`, compares it with its source, and only then renames it. An
 * error or Ctrl-C leaves `output` unchanged and no other files.
 *
 * @throws MicroLinuxError `disk-full`, `tool-failed` (xorriso), `remaster-differs`, `cancelled`.
 */
export async function writeRemaster(
  source: SourceFacts,
  plan: RemasterPlan,
  options: { readonly output: string; readonly sourceDateEpoch: number },
  tools: WriteTools,
): Promise<void> {
  const { output, sourceDateEpoch } = options;
  const { signal } = tools;
  const scratch = await makeOwnFolder(tools.temporary, 'micro-linux-remaster-', tools.run);
  try {
    tools.progress({ message: 'sums of the new files' });
    const mapped = await onDisk(plan.placed, scratch);
    await requireRoom(source, mapped, output);
    const sums = await fileSums(mapped, signal);
    const sumsFile = join(scratch, 'md5sum.txt');
    await writeFile(
      sumsFile,
      rewriteSums(source.texts.get(TextPath.sums) ?? '', {
        sums,
        isDropped: (path) => isBelow(path, plan.removed) || plan.withoutSum.includes(path),
      }),
    );
    const write = async (partial: string) => {
      const commands = remasterCommands({
        source,
        output: partial,
        removed: plan.removed,
        mapped: [...mapped, { path: TextPath.sums, file: sumsFile, executable: false }],
        sourceDateEpoch,
      });
      // The seed on it contains the hash of a password.
      await makePrivateFile(partial);
      await xorriso(tools.run, commands, { signal, onLine: (line) => report(line, tools) });
      tools.progress({ message: 'comparing' });
      checkRemaster(source, plan, await readMedium(partial, tools));
    };
    await replaceFile(output, write, { partial: partialPath(output), signal });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function report(line: string, { progress }: WriteTools): void {
  const percent = /Writing:.*?([\d.]+)%/.exec(line)?.[1];
  if (percent !== undefined) {
    progress({ message: 'writing', fraction: Number(percent) / 100 });
  }
}

async function onDisk(placed: readonly Placed[], scratch: string): Promise<readonly Mapped[]> {
  return Promise.all(
    placed.map(async (one, index) => {
      const { path, executable } = one;
      if ('file' in one) {
        return { path, executable, file: one.file };
      }
      const file = join(scratch, String(index));
      // The seed contains the hash of a password.
      await writeFile(file, one.text, { mode: PRIVATE_MODE });
      return { path, executable, file };
    }),
  );
}

async function requireRoom(
  source: SourceFacts,
  mapped: readonly Mapped[],
  output: string,
): Promise<void> {
  const sizes = await Promise.all(mapped.map(async ({ file }) => (await stat(file)).size));
  const needed = sizes.reduce((sum, bytes) => sum + bytes, source.volume.bytes + ROOM_BYTES);
  const { bavail, bsize } = await statfs(dirname(output));
  if (bavail * bsize < needed) {
    throw new MicroLinuxError({
      code: 'disk-full',
      message: `the remaster needs ${Math.ceil(needed / MIB)} MiB; ${Math.floor((bavail * bsize) / MIB)} MiB are free`,
      why: `it is written to ${dirname(output)}`,
      hint: 'free some space, or write elsewhere: --artifacts DIR',
    });
  }
}

/** MD5 in hex of each file by its path on the medium: casper compares these when it starts. */
async function fileSums(
  mapped: readonly Mapped[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>();
  for (const { file, path } of mapped) {
    const hash = createHash('md5');
    await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash, { signal });
    sums.set(path, hash.digest('hex'));
  }
  return sums;
}
