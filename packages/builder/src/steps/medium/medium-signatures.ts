import { readFile } from 'node:fs/promises';
import type { Reporter } from '@micro-linux/core';
import { MediumPath } from '@micro-linux/provision';
import { parseSignatureFile } from '@micro-linux/update-image';
import type { Trust } from '../../keys/trust.ts';
import type { MediumFile } from './medium-file.ts';

/** The signatures of a medium's manifest. */
export interface MediumSignatures {
  readonly signedBy: readonly string[];
  /** The bytes to sign; undefined if devices need no more signatures. */
  readonly manifest?: string;
}

/** Finds the signers of the output of {@link mediumStep}. */
export async function mediumSignatures(
  files: readonly MediumFile[],
  { keys, threshold }: Pick<Trust, 'keys' | 'threshold'>,
): Promise<MediumSignatures> {
  const fileOf = (path: string) => {
    const found = files.find((one) => one.path === path);
    if (!found) {
      throw new RangeError(`a medium without ${path}`);
    }
    return found.file;
  };
  const signatures = parseSignatureFile(await readFile(fileOf(MediumPath.signatures)));
  const signedBy = signatures.map(({ keyId }) => keyId);
  const good = signedBy.filter((keyId) => keys.some((key) => key.keyId === keyId));
  return good.length >= threshold
    ? { signedBy }
    : { signedBy, manifest: fileOf(MediumPath.manifest) };
}

/** Warns about an ISO that needs more signatures before it can install. */
export function tellMissingSignatures(
  iso: string,
  { manifest }: MediumSignatures,
  reporter: Reporter,
): void {
  if (manifest !== undefined) {
    reporter.warn(
      `${iso} installs nothing yet: its list of files needs signatures. Sign ${iso}.manifest as it is, then ./micro-linux attach ${iso} --signature FILE --public-key KEY.pub.pem`,
    );
  }
}
