import type { Config } from '../config/config.ts';
import type { ArtifactKind } from './build-record.ts';

/** These hold one seed, hash for hash. */
const WITH_SEED: readonly ArtifactKind[] = ['seed', 'iso'];

/**
 * Which of the wanted artifacts have to be made. The seed is made anew for all that hold it, and
 * with a disk that gets a new password, so that one password fits all.
 *
 * @param kept kinds that still are as this config gives them.
 */
export function missingArtifacts(
  wanted: readonly ArtifactKind[],
  kept: readonly ArtifactKind[],
  config: Pick<Config, 'user'>,
): readonly ArtifactKind[] {
  const gone = wanted.filter((kind) => !kept.includes(kind));
  const newPassword = gone.includes('qcow2') && config.user.password.kind === 'generate';
  const newSeed = newPassword || gone.some((kind) => WITH_SEED.includes(kind));
  return wanted.filter((kind) => gone.includes(kind) || (newSeed && WITH_SEED.includes(kind)));
}
