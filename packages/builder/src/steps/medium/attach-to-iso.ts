import { constants, copyFile } from 'node:fs/promises';
import { MicroLinuxError, run } from '@micro-linux/core';
import { replaceFile } from '@micro-linux/core/files';
import { MediumPath } from '@micro-linux/provision';
import { encodeSignatureFile, type ManifestSignature } from '@micro-linux/update-image';
import { partialPath } from '../../system/temporary/partial-file.ts';
import { overwriteIsoFile } from './iso-file.ts';
import { type IsoMedium, readIsoMedium } from './read-iso-medium.ts';

export interface AttachToIsoOptions {
  readonly iso: string;
  readonly medium: IsoMedium;
  /** Path of the signed ISO; may be the ISO itself. */
  readonly output: string;
  /** Already verified by the caller. */
  readonly signatures: readonly ManifestSignature[];
  readonly signal: AbortSignal;
}

/**
 * Adds signatures to a finished ISO: in a copy, which is then renamed to `output`. A new signature
 * replaces one by the same key.
 *
 * @returns ids of all keys that have signed it.
 * @throws MicroLinuxError `signatures-invalid`, `iso-unwritable`.
 */
export async function attachToIso(options: AttachToIsoOptions): Promise<readonly string[]> {
  const { iso, medium, output, signatures, signal } = options;
  const added = new Set(signatures.map(({ keyId }) => keyId));
  const kept = medium.signatures.filter(({ keyId }) => !added.has(keyId));
  const file = encodeSignatureFile([...kept, ...signatures]);
  const place = medium.places.get(MediumPath.signatures);
  if (!place) {
    throw new RangeError(`an ISO without ${MediumPath.signatures}`);
  }
  const make = async (partial: string) => {
    // Keeps the mode: the seed on it holds the hash of a password.
    await copyFile(iso, partial, constants.COPYFILE_FICLONE);
    signal.throwIfAborted();
    await overwriteIsoFile(partial, place, file);
    return readIsoMedium(partial, { run, signal });
  };
  try {
    const now = await replaceFile(output, make, { partial: partialPath(output), signal });
    return now.signatures.map(({ keyId }) => keyId);
  } catch (cause) {
    if (cause instanceof MicroLinuxError || signal.aborted) {
      throw cause;
    }
    throw new MicroLinuxError({
      code: 'iso-unwritable',
      message: `cannot write ${output}`,
      why: cause instanceof Error ? cause.message : String(cause),
      hint: 'write it elsewhere: --output FILE',
      cause,
    });
  }
}
