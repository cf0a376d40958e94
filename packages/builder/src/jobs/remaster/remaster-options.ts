import type { RunBuildOptions } from '../build/run-build.ts';
import { sourceError } from './source/source-error.ts';

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

/**
 * The source that flags or SOURCE_ISO and SOURCE_ISO_SHA256 name; undefined: none, so no remaster.
 *
 * @throws MicroLinuxError `source-iso-missing`: flags for a remaster, but no source.
 */
export function chosenSource(
  options: SourceOptions,
  env: Readonly<Record<string, string | undefined>>,
): ChosenSource | undefined {
  const path = options.sourceIso ?? env['SOURCE_ISO']?.trim();
  const sha256 = options.sourceSha256 ?? env['SOURCE_ISO_SHA256']?.trim();
  if (path) {
    return { path, sha256: sha256 || undefined };
  }
  const stray = options.slim ? '--slim' : options.sourceSha256 ? '--source-sha256' : undefined;
  if (stray !== undefined) {
    throw sourceError('source-iso-missing', {
      message: `${stray} is for a copy of Ubuntu's ISO, and none is named`,
      hint: `./micro-linux iso --source-iso FILE ${stray}`,
    });
  }
  return undefined;
}
