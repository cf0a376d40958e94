import type { RunBuildOptions } from '../build/run-build.ts';
import { sourceError } from './source/source-error.ts';

/** Options of `iso` in addition to those of a build; only for a remaster of Ubuntu's ISO. */
export interface SourceOptions {
  readonly sourceIso?: string;
  readonly sourceSha256?: string;
  readonly slim?: boolean;
}

export type RemasterOptions = RunBuildOptions & SourceOptions;

/** An ISO to remaster, and its expected checksum, if given. */
export interface ChosenSource {
  /** As given, relative to the current folder. */
  readonly path: string;
  readonly sha256: string | undefined;
}

/**
 * The source from flags, or from SOURCE_ISO and SOURCE_ISO_SHA256; undefined: no remaster.
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
