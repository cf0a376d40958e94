import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileDigest } from '../plan/digest.ts';
import { manifestName } from '../update/update-step.ts';
import type { ArtifactKind, ArtifactRecord } from './build-record.ts';
import { copyWhole } from './copy-whole.ts';

/** An artifact in the work directory, hashed: only its copy is missing. */
export interface ReadyArtifact {
  /** Puts it into the artifacts directory, whole or not at all. */
  readonly publish: (artifacts: string) => Promise<ArtifactRecord>;
}

/** What is told of an update beside the file. */
export interface UpdateDetails {
  /** Ids of the keys that signed it. */
  readonly signedBy?: readonly string[];
  /** File with the bytes to sign, laid beside an update that is not signed. */
  readonly manifest?: string;
}

/** Hashes an artifact, which takes its time, before anything is put in its place. */
export async function readyArtifact(
  kind: ArtifactKind,
  path: string,
  signal: AbortSignal,
  { signedBy = [], manifest }: UpdateDetails = {},
): Promise<ReadyArtifact> {
  const file = basename(path);
  const sha256 = await fileDigest(path, signal);
  return {
    async publish(artifacts) {
      const target = join(artifacts, file);
      await copyWhole(path, target);
      if (kind === 'update') {
        const beside = join(artifacts, manifestName(file));
        await (manifest === undefined ? rm(beside, { force: true }) : copyWhole(manifest, beside));
      }
      const { size, mtimeMs } = await stat(target);
      const about = { file, bytes: size, sha256, modifiedMs: Math.round(mtimeMs) };
      return kind === 'update' ? { kind, ...about, signedBy } : { kind, ...about };
    },
  };
}
