import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { KNOWN_ISOS } from './known-releases.ts';

/** Why an ISO cannot be remastered; each has its own hint. */
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

/** The error for an ISO that cannot be remastered. Nothing has been written when it is thrown. */
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

/** What to do about a file that differs from what Ubuntu publishes, or is incomplete. */
export const DOWNLOAD_HINT = `download ${KNOWN_ISOS} again and compare it with the SHA256SUMS file next to it`;
