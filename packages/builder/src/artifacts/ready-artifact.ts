import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { copyWhole } from '../output/copy-whole.ts';
import { fileDigest } from '../plan/digest.ts';
import { manifestName } from '../steps/update/update-step.ts';
import type { ArtifactRecord } from './build-record.ts';

/** A record before the key of its step is put to it. */
export type UnkeyedRecord = Omit<ArtifactRecord, 'key'>;

/** An artifact in the work directory, hashed: only its copy is missing. */
export interface ReadyArtifact {
  /** Puts it into the artifacts directory, each file whole or not at all. */
  readonly publish: (artifacts: string) => Promise<readonly UnkeyedRecord[]>;
}

/** Hashes an artifact of one file, which takes its time, before anything is put in its place. */
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

/** What is told of a signed file beside it. */
export interface SignatureDetails {
  /** Ids of the keys that signed it. */
  readonly signedBy?: readonly string[];
  /** File with the bytes to sign, laid beside one that still needs signatures. */
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
