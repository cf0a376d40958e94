import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import { SEED_DIRECTORY } from '../autoinstall/make/seed-files.ts';
import { renderSizeReport } from '../report/size-report.ts';
import { manifestName } from '../update/update-step.ts';
import type { BuildResult } from './build.ts';
import type { ArtifactRecord, BuildRecord } from './build-record.ts';
import { CREDENTIALS_FILE } from './credentials.ts';
import { passwordLines } from './password-lines.ts';

/** What came of a build, for people. */
export function buildSummary(
  result: BuildResult,
  artifacts: string,
  options: { readonly sizes: boolean; readonly mayShowSecrets: boolean },
): string {
  const { record } = result;
  return [
    result.cached
      ? `nothing changed since ${record.builtAt}: the artifacts are up to date`
      : `built ${record.profile} ${record.version} in ${record.seconds.toFixed(0)} s`,
    ...record.artifacts.flatMap((artifact) => artifactLines(artifact, artifacts)),
    ...seedLines(record, artifacts),
    `  slot image: ${(record.slot.bytes / MIB).toFixed(0)} of ${record.slotBytes / MIB} MiB, sha256 ${record.slot.sha256}`,
    ...(record.developmentKey
      ? [
          `  trusts the development key ${record.trustedKeys.join(' ')}: for tests, not for devices in the field (docs/guides/signing.md)`,
        ]
      : []),
    ...(options.sizes ? ['what takes the space:', renderSizeReport(record.sizes)] : []),
    ...loginLines(result, { artifacts, ...options }),
  ].join('\n');
}

/** One line for all files of a seed. */
function seedLines({ artifacts: records }: BuildRecord, artifacts: string): readonly string[] {
  return records.some(({ kind }) => kind === 'seed')
    ? [`  ${join(artifacts, SEED_DIRECTORY)}/  the seed, with the hash of the password`]
    : [];
}

function artifactLines(artifact: ArtifactRecord, artifacts: string): readonly string[] {
  if (artifact.kind === 'seed') {
    return [];
  }
  const path = join(artifacts, artifact.file);
  const line = `  ${path}  ${(artifact.bytes / MIB).toFixed(0)} MiB`;
  if (artifact.kind !== 'update') {
    return [line];
  }
  return artifact.signedBy?.length
    ? [`${line}, signed by ${artifact.signedBy.join(', ')}`]
    : [`${line}, NOT SIGNED: sign ${manifestName(path)}, then ./micro-linux attach`];
}

function loginLines(
  result: BuildResult,
  options: { readonly artifacts: string; readonly mayShowSecrets: boolean },
): readonly string[] {
  if (result.password !== undefined) {
    return passwordLines(result.password, options);
  }
  const file = join(options.artifacts, CREDENTIALS_FILE);
  const hasLogin = result.record.artifacts.some(({ kind }) => kind !== 'update');
  return hasLogin ? [`  the password, if a build made one, is in ${file}`] : [];
}
