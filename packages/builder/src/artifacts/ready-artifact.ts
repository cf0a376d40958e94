import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { copyWhole } from '../output/copy-whole.ts';
import { fileDigest } from '../plan/digest.ts';
import { manifestName } from '../steps/update/update-step.ts';
import type { ArtifactRecord } from './build-record.ts';

/** A record without the key of its step. */
export type UnkeyedRecord = Omit<ArtifactRecord, 'key'>;

/** An artifact in the work directory, hashed: only its copy is missing. */
export interface ReadyArtifact {
  /** Copies it into the artifacts directory, each file atomically. */
  readonly publish: (artifacts: string) => Promise<readonly UnkeyedRecord[]>;
}

/** Hashes an artifact of one file before anything is published, because that is slow. */
export async function readyArtifact(
  kind: string,
  path: string,
  signal: AbortSignal,
  { sparse = false }: { readonly sparse?: boolean } = {},
): Promise<ReadyArtifact> {
  const file = basename(path);
  const sha256 = await fileDigest(path, signal);
  return {
    async publish(artifacts) {
      await copyWhole(path, join(artifacts, file), { sparse });
      return [await artifactRecord(kind, file, sha256, artifacts)];
    },
  };
}

/** What is recorded about a signed file. */
export interface SignatureDetails {
  /** Ids of the keys that signed it. */
  readonly signedBy?: readonly string[];
  /** File with the bytes to sign, next to a file that still needs signatures. */
  readonly manifest?: string;
}

/** {@link readyArtifact} for a file that is signed. */
export async function readySigned(
  kind: string,
  path: string,
  signal: AbortSignal,
  { signedBy = [], manifest }: SignatureDetails,
): Promise<ReadyArtifact> {
  const ready = await readyArtifact(kind, path, signal);
  return {
    async publish(artifacts) {
      const records = await ready.publish(artifacts);
      const beside = join(artifacts, manifestName(basename(path)));
      await (manifest === undefined ? rm(beside, { force: true }) : copyWhole(manifest, beside));
      return records.map((record) => ({ ...record, signedBy }));
    },
  };
}

/** The record of a file that has just been put into the artifacts directory. */
export async function artifactRecord(
  kind: string,
  file: string,
  sha256: string,
  artifacts: string,
): Promise<UnkeyedRecord> {
  const { size, mtimeMs } = await stat(join(artifacts, file));
  return { kind, file, bytes: size, sha256, modifiedMs: Math.round(mtimeMs) };
}
