import { type Artifacts, artifactOf } from '../../artifacts/artifact.ts';
import type { Config } from '../../config/config.ts';

/**
 * The wanted artifacts that must be built. All that contain the seed are built together, and so are
 * all disks. A disk with a new password also rebuilds the seed, so that all have the same password.
 *
 * @param kept kinds that are up to date.
 */
export function missingArtifacts(
  wanted: readonly string[],
  kept: readonly string[],
  config: Pick<Config, 'user'>,
  artifacts: Artifacts,
): readonly string[] {
  const of = (kind: string) => artifactOf(artifacts, kind);
  const gone = wanted.filter((kind) => !kept.includes(kind));
  const isGenerated = config.user.password.kind === 'generate';
  const newPassword = isGenerated && gone.some((kind) => of(kind).boots === 'disk');
  const newSeed = newPassword || gone.some((kind) => of(kind).holdsSeed);
  return wanted.filter(
    (kind) =>
      gone.includes(kind) ||
      (newSeed && of(kind).holdsSeed) ||
      (newPassword && of(kind).boots === 'disk'),
  );
}
