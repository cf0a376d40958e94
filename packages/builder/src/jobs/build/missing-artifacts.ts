import { type Artifacts, artifactOf } from '../../artifacts/artifact.ts';
import type { Config } from '../../config/config.ts';

/**
 * Which of the wanted artifacts have to be made. All that hold the seed are made together, and so are
 * all disks; and with a disk that gets a new password the seed, so that one password fits all.
 *
 * @param kept kinds that still are as this config gives them.
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
