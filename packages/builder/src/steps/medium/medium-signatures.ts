import { readFile } from 'node:fs/promises';
import type { Reporter } from '@micro-linux/core';
import { MediumPath } from '@micro-linux/provision';
import { parseSignatureFile } from '@micro-linux/update-image';
import type { Trust } from '../../keys/trust.ts';
import type { MediumFile } from './medium-file.ts';

/** How far the manifest of a medium is signed. */
export interface MediumSignatures {
  readonly signedBy: readonly string[];
  /** The bytes to sign; undefined where devices ask for no more signatures. */
  readonly manifest?: string;
}

/** Looks who signed what {@link mediumStep} made. */
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

/** Warns of an ISO that installs nothing yet. */
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
