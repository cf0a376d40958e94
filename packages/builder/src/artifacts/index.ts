import { DISK_FORMAT_NAMES, type DiskFormatName } from '../output/disk-formats.ts';
import type { Artifact } from './artifact.ts';
import { diskImage } from './disk-image.ts';
import { iso } from './iso.ts';
import { seed } from './seed.ts';
import { update } from './update.ts';

const disks = Object.fromEntries(
  DISK_FORMAT_NAMES.map((name) => [name, diskImage(name)] as const),
) as Readonly<Record<DiskFormatName, Artifact>>;

/** Everything that a build can leave in the artifacts directory. */
export const ARTIFACTS = { ...disks, update, seed, iso } as const satisfies Readonly<
  Record<string, Artifact>
>;

export type ArtifactKind = keyof typeof ARTIFACTS;

export const ARTIFACT_KINDS = Object.keys(ARTIFACTS) as readonly ArtifactKind[];
