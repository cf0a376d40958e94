import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  type BuildRecord,
  readBuildRecord,
  writeBuildRecord,
} from '../../artifacts/build-record.ts';
import { fileDigest } from '../../plan/digest.ts';
import { untouched } from './kept-artifacts.ts';
import { lockArtifacts } from './lock.ts';

/** Whether an update or an ISO is the one listed by build.json in the same folder. */
export async function isRecorded(update: string): Promise<boolean> {
  const record = await readBuildRecord(dirname(update));
  const artifact = record && listed(record, update);
  return artifact !== undefined && (await untouched(dirname(update), artifact));
}

/**
 * Records in build.json that a listed update or ISO was signed, so that the next build recognizes
 * the file as its own.
 *
 * @throws MicroLinuxError `build-running`.
 */
export async function noteSignatures(
  update: string,
  signedBy: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const artifacts = dirname(update);
  const release = await lockArtifacts(artifacts);
  try {
    const record = await readBuildRecord(artifacts);
    const artifact = record && listed(record, update);
    if (!record || !artifact) {
      return;
    }
    const sha256 = await fileDigest(update, signal);
    const { size, mtimeMs } = await stat(update);
    const signed = { ...artifact, bytes: size, sha256, modifiedMs: Math.round(mtimeMs), signedBy };
    await writeBuildRecord(artifacts, {
      ...record,
      artifacts: record.artifacts.map((other) => (other === artifact ? signed : other)),
    });
  } finally {
    await release();
  }
}

function listed(record: BuildRecord, update: string) {
  const file = basename(update);
  return record.artifacts.find(
    (artifact) => artifact.signedBy !== undefined && artifact.file === file,
  );
}
