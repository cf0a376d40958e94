import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifacts } from '../../artifacts/artifact.ts';
import type { ArtifactRecord, BuildRecord } from '../../artifacts/build-record.ts';
import type { Config } from '../../config/config.ts';
import { hasCredentials } from '../../output/credentials.ts';
import { PRIVATE_MODE } from '../../plan/private-file.ts';

/** The artifacts of a record that are as the build left them, by size and time. */
export async function untouchedArtifacts(
  record: BuildRecord,
  artifacts: Artifacts,
  directory: string,
): Promise<readonly ArtifactRecord[]> {
  const found: ArtifactRecord[] = [];
  for (const artifact of record.artifacts) {
    if (await untouched(directory, artifact)) {
      found.push(artifact);
    }
  }
  // An incomplete seed does not count.
  return found.filter(
    ({ kind }) => found.filter((other) => other.kind === kind).length === artifacts[kind]?.files,
  );
}

/**
 * The {@link untouchedArtifacts} that are up to date: their key is the same, and a generated
 * password in them is not lost.
 */
export async function keptArtifacts(
  untouchedOnes: readonly ArtifactRecord[],
  options: {
    readonly artifacts: Artifacts;
    readonly directory: string;
    readonly config: Pick<Config, 'user'>;
    /** `build` of the record. */
    readonly build: string;
    /** The current key of an artifact of a kind. */
    readonly keyOf: (kind: string) => string;
  },
): Promise<readonly ArtifactRecord[]> {
  const { artifacts, directory, config, build, keyOf } = options;
  const mayBeLost = config.user.password.kind === 'generate';
  const isLost = mayBeLost && !(await hasCredentials(directory, build));
  return untouchedOnes.filter(
    ({ kind, key }) => key === keyOf(kind) && !(isLost && artifacts[kind]?.holdsLogin),
  );
}

/**
 * Artifacts of an older builder that contain a login may be readable by all. This fixes their mode.
 */
export async function protectLogins(
  kept: readonly ArtifactRecord[],
  artifacts: Artifacts,
  directory: string,
): Promise<void> {
  for (const { file } of kept.filter(({ kind }) => artifacts[kind]?.holdsLogin)) {
    await chmod(join(directory, file), PRIVATE_MODE);
  }
}

/** Whether an artifact is as the record says, by size and time. */
export async function untouched(directory: string, artifact: ArtifactRecord): Promise<boolean> {
  const found = await stat(join(directory, artifact.file)).catch(() => undefined);
  return found?.size === artifact.bytes && Math.round(found.mtimeMs) === artifact.modifiedMs;
}
