import { join } from 'node:path';
import { MediumPath } from '@micro-linux/provision';
import {
  fileSource,
  readVerifiedHead,
  type TrustPolicy,
  type UpdateSource,
} from '@micro-linux/update-image';
import type { Progress } from '../progress/progress.ts';
import { withStallGuard } from '../progress/stall-guard.ts';
import { checkChunks, checkUpdateHead } from './medium/check-update.ts';
import { checkMediumFile, type Medium, type MediumFile, readManifest } from './medium/medium.ts';

export interface CheckMediumOptions {
  /** Where the medium is mounted. */
  readonly directory: string;
  readonly trust: TrustPolicy;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly stallMs: number;
}

/** A medium that was read to its end, and its update, to be read once more. */
export interface CheckedMedium {
  readonly medium: Medium;
  /** To be closed. */
  readonly source: UpdateSource;
}

/** Small ones; the update's own hashes cover the large one. */
const FILES: readonly MediumFile[] = ['esp', 'core', 'bootCode'];

/**
 * Checks all that will be read from a medium: its signature first, then every byte. Nothing is
 * written.
 *
 * @throws MicroLinuxError `medium-missing`, `medium-damaged`, `medium-mismatch`, those of
 *   signatures, `chunk-corrupt`.
 */
export async function checkMedium(options: CheckMediumOptions): Promise<CheckedMedium> {
  const { directory, progress, signal, stallMs } = options;
  const manifest = await readManifest(directory);
  const source = await fileSource(join(directory, MediumPath.update));
  const line = progress.step('check', 'check signature and all files of the medium');
  try {
    const stage = 'reading the medium';
    const medium = await withStallGuard({ stage, stallMs, signal }, async (guard) => {
      const { head } = await readVerifiedHead(source, options.trust);
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
