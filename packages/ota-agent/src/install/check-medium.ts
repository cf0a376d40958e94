import { join } from 'node:path';
import { type InstallManifest, MediumPath } from '@micro-linux/provision';
import {
  fileSource,
  readVerifiedHead,
  type TrustPolicy,
  type UpdateSource,
} from '@micro-linux/update-image';
import type { Progress } from '../progress/progress.ts';
import { withStallGuard } from '../progress/stall-guard.ts';
import { checkChunks, checkUpdateHead } from './medium/check-update.ts';
import { checkMediumFile, type Medium, type MediumFile } from './medium/medium.ts';
import { readManifest } from './medium/read-manifest.ts';

export interface CheckMediumOptions {
  /** Where the medium is mounted. */
  readonly directory: string;
  readonly trust: TrustPolicy;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly stallMs: number;
}

/** A medium whose files were all checked, and its update, still open. */
export interface CheckedMedium {
  readonly medium: Medium;
  /** Must be closed by the caller. */
  readonly source: UpdateSource;
}

/** The small files. The update has its own hashes, and the seed is checked when it is read. */
const FILES: readonly MediumFile[] = ['esp', 'esp4k', 'core', 'bootCode'];

/** A medium whose list of files is signed; the files are not checked yet. */
export interface SignedMedium {
  readonly directory: string;
  readonly manifest: InstallManifest;
}

/**
 * Reads the list of a medium's files, and checks its signature.
 *
 * @throws MicroLinuxError `medium-missing`, `medium-damaged`, those of signatures.
 */
export async function openMedium({
  directory,
  trust,
  signal,
  stallMs,
}: CheckMediumOptions): Promise<SignedMedium> {
  const stage = 'reading the medium';
  const manifest = await withStallGuard({ stage, stallMs, signal }, () =>
    readManifest(directory, trust),
  );
  return { directory, manifest };
}

/**
 * Checks everything that will be read from a medium: the signature of its update, then every byte.
 * Writes nothing.
 *
 * @throws MicroLinuxError `medium-damaged`, `medium-mismatch`, those of signatures,
 * `chunk-corrupt`.
 */
export async function checkMedium(
  { directory, manifest }: SignedMedium,
  options: CheckMediumOptions,
): Promise<CheckedMedium> {
  const { progress, signal, stallMs } = options;
  const source = await fileSource(join(directory, MediumPath.update));
  const line = progress.step('check', 'check signature and all files of the medium');
  try {
    const stage = 'reading the medium';
    const medium = await withStallGuard({ stage, stallMs, signal }, async (guard) => {
      const { head } = await readVerifiedHead(source, options.trust, guard);
      checkUpdateHead(head, manifest);
      const found = { directory, manifest, head };
      for (const file of FILES) {
        await checkMediumFile(found, file, guard.signal, guard.alive);
      }
      await checkChunks(source, head, guard, line.advance);
      return found;
    });
    line.done(`${manifest.version}, as it was signed`);
    return { medium, source };
  } catch (error) {
    line.failed();
    void source.close().catch(() => undefined);
    throw error;
  }
}
