import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { KNOWN_ISOS } from './known-releases.ts';

/** Why an ISO is no source of a remaster; each with a hint of its own. */
export type SourceFault =
  | 'source-iso-missing'
  | 'source-iso-checksum'
  | 'source-iso-no-iso'
  | 'source-iso-truncated'
  | 'source-iso-unknown'
  | 'source-iso-desktop'
  | 'source-iso-release'
  | 'source-iso-architecture'
  | 'source-iso-remastered'
  | 'source-iso-incomplete'
  | 'source-iso-boot';

/** The error for an ISO that cannot be remastered. Nothing was written when it is thrown. */
export function sourceError(
  code: SourceFault,
  info: {
    readonly message: string;
    readonly why?: string | undefined;
    readonly hint: string;
    readonly cause?: unknown;
  },
): MicroLinuxError {
  return new MicroLinuxError({ code, ...info, exitCode: ExitCode.usage });
}

/** What to do about a file that is not, or not all of, what Ubuntu publishes. */
export const DOWNLOAD_HINT = `download ${KNOWN_ISOS} again and compare it with the SHA256SUMS file next to it`;
