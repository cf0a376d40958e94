import type { RunBuildOptions } from '../build/run-build.ts';

/** What `iso` takes beside the options of a build; only with an ISO of Ubuntu's as its source. */
export interface SourceOptions {
  readonly sourceIso?: string;
  readonly sourceSha256?: string;
  readonly slim?: boolean;
}

export type RemasterOptions = RunBuildOptions & SourceOptions;

/** An ISO to remaster and the checksum it must have, if one is asked for. */
export interface ChosenSource {
  /** As it was given, from the current folder. */
  readonly path: string;
  readonly sha256: string | undefined;
}

/** The source that flags or SOURCE_ISO and SOURCE_ISO_SHA256 name; undefined: none, so no remaster. */
export function chosenSource(
  options: SourceOptions,
  env: Readonly<Record<string, string | undefined>>,
): ChosenSource | undefined {
  const path = options.sourceIso ?? env['SOURCE_ISO']?.trim();
  const sha256 = options.sourceSha256 ?? env['SOURCE_ISO_SHA256']?.trim();
  return path ? { path, sha256: sha256 || undefined } : undefined;
}
