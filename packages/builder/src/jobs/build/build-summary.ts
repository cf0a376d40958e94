import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import { type Artifacts, artifactOf } from '../../artifacts/artifact.ts';
import type { ArtifactRecord } from '../../artifacts/build-record.ts';
import { CREDENTIALS_FILE } from '../../output/directories.ts';
import { renderSizeReport } from '../../output/report/size-report.ts';
import type { BuildResult } from './build.ts';
import { passwordLines } from './password-lines.ts';

/** The result of a build, for display. */
export function buildSummary(
  result: BuildResult,
  artifacts: string,
  options: {
    readonly kinds: Artifacts;
    readonly sizes: boolean;
    readonly mayShowSecrets: boolean;
  },
): string {
  const { record } = result;
  return [
    result.cached
      ? `nothing changed since ${record.builtAt}: the artifacts are up to date`
      : `built ${record.profile} ${record.version} in ${record.seconds.toFixed(0)} s`,
    ...artifactLines(record.artifacts, artifacts, options.kinds),
    `  slot image: ${(record.slot.bytes / MIB).toFixed(0)} of ${record.slotBytes / MIB} MiB, sha256 ${record.slot.sha256}`,
    ...(record.developmentKey
      ? [
          `  trusts the development key ${record.trustedKeys.join(' ')}: for tests, not for devices in the field (docs/guides/signing.md)`,
        ]
      : []),
    ...(options.sizes ? ['what uses the space:', renderSizeReport(record.sizes)] : []),
    ...loginLines(result, { artifacts, ...options }),
  ].join('\n');
}

/** Grouped by kind. */
function artifactLines(
  records: readonly ArtifactRecord[],
  artifacts: string,
  kinds: Artifacts,
): readonly string[] {
  const found = [...new Set(records.map(({ kind }) => kind))].filter((kind) => kind in kinds);
  return found.flatMap((kind) => {
    const ofKind = records.filter((record) => record.kind === kind);
    const { summary = pathAndSize } = artifactOf(kinds, kind);
    return summary(ofKind, artifacts);
  });
}

function pathAndSize(records: readonly ArtifactRecord[], artifacts: string): readonly string[] {
  return records.map(
    ({ file, bytes }) => `  ${join(artifacts, file)}  ${(bytes / MIB).toFixed(0)} MiB`,
  );
}

function loginLines(
  result: BuildResult,
  options: {
    readonly artifacts: string;
    readonly kinds: Artifacts;
    readonly mayShowSecrets: boolean;
  },
): readonly string[] {
  if (result.password !== undefined) {
    return passwordLines(result.password, options);
  }
  const file = join(options.artifacts, CREDENTIALS_FILE);
  const hasLogin = result.record.artifacts.some(({ kind }) => options.kinds[kind]?.holdsLogin);
  return hasLogin ? [`  the password, if a build made one, is in ${file}`] : [];
}
