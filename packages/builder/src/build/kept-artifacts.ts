import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildOptions } from './build.ts';
import type { ArtifactRecord, BuildRecord } from './build-record.ts';
import { hasCredentials } from './credentials.ts';

/**
 * The artifacts of a record that are as the build left them, by size and time. A disk whose
 * password is lost counts as gone.
 */
export async function keptArtifacts(
  record: BuildRecord,
  options: Pick<BuildOptions, 'config' | 'directories'>,
): Promise<readonly ArtifactRecord[]> {
  const { artifacts } = options.directories;
  const kept: ArtifactRecord[] = [];
  for (const artifact of record.artifacts) {
    const wantsPassword =
      artifact.kind === 'qcow2' && options.config.user.password.kind === 'generate';
    if (
      (await untouched(artifacts, artifact)) &&
      (!wantsPassword || (await hasCredentials(artifacts, record.build)))
    ) {
      kept.push(artifact);
    }
  }
  return kept;
}

/** Whether an artifact is as the record says, by size and time. */
export async function untouched(artifacts: string, artifact: ArtifactRecord): Promise<boolean> {
  const found = await stat(join(artifacts, artifact.file)).catch(() => undefined);
  return found?.size === artifact.bytes && Math.round(found.mtimeMs) === artifact.modifiedMs;
}
