import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SeedFile } from '../autoinstall/make/seed-files.ts';
import { PRIVATE_MODE } from '../plan/private-file.ts';
import type { BuildOptions } from './build.ts';
import type { ArtifactKind, ArtifactRecord, BuildRecord } from './build-record.ts';
import { hasCredentials } from './credentials.ts';

const SEED_FILES = Object.keys(SeedFile).length;

/** What a password of ours gets into. */
const WITH_PASSWORD: readonly ArtifactKind[] = ['qcow2', 'seed', 'iso'];

/**
 * The artifacts of a record that are as the build left them, by size and time. A disk whose
 * password is lost counts as gone, and so does a seed that is not whole.
 */
export async function keptArtifacts(
  record: BuildRecord,
  options: Pick<BuildOptions, 'config' | 'directories'>,
): Promise<readonly ArtifactRecord[]> {
  const { artifacts } = options.directories;
  const kept: ArtifactRecord[] = [];
  for (const artifact of record.artifacts) {
    const wantsPassword =
      WITH_PASSWORD.includes(artifact.kind) && options.config.user.password.kind === 'generate';
    if (
      (await untouched(artifacts, artifact)) &&
      (!wantsPassword || (await hasCredentials(artifacts, record.build)))
    ) {
      kept.push(artifact);
    }
  }
  const isWhole = kept.filter(({ kind }) => kind === 'seed').length === SEED_FILES;
  return isWhole ? kept : kept.filter(({ kind }) => kind !== 'seed');
}

/** Artifacts of an older builder that hold a login may be readable by all: they no longer are. */
export async function protectLogins(
  kept: readonly ArtifactRecord[],
  artifacts: string,
): Promise<void> {
  for (const { file } of kept.filter(({ kind }) => WITH_PASSWORD.includes(kind))) {
    await chmod(join(artifacts, file), PRIVATE_MODE);
  }
}

/** Whether an artifact is as the record says, by size and time. */
export async function untouched(artifacts: string, artifact: ArtifactRecord): Promise<boolean> {
  const found = await stat(join(artifacts, artifact.file)).catch(() => undefined);
  return found?.size === artifact.bytes && Math.round(found.mtimeMs) === artifact.modifiedMs;
}
