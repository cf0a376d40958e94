import { ExitCode, MicroLinuxError, type Runner } from '@micro-linux/core';
import { MediumPath } from '@micro-linux/provision';
import {
  type ManifestSignature,
  parseSignatureFile,
  SIGNATURE_FILE_BYTES,
} from '@micro-linux/update-image';
import { type IsoPlace, isoPlaces, readIsoFile } from './iso-file.ts';

/**
 * The manifest of an ISO, as bytes: only the list of signatures is parsed, and nothing is verified.
 */
export interface IsoMedium {
  readonly places: ReadonlyMap<string, IsoPlace>;
  readonly manifestBytes: Buffer;
  readonly signatures: readonly ManifestSignature[];
}

/** Far larger than any list of files. */
const MANIFEST_BYTES = 1 << 20;

/**
 * Reads the signed list of an ISO's files.
 *
 * @throws MicroLinuxError `no-medium` (exit code 2), `signatures-invalid`.
 */
export async function readIsoMedium(
  iso: string,
  tools: { readonly run: Runner; readonly signal: AbortSignal },
): Promise<IsoMedium> {
  const places = await isoPlaces(iso, tools);
  const read = async (path: string, limit: number) => {
    const place = places.get(path);
    if (!place) {
      throw noMedium(iso, `it has no ${path}`);
    }
    return readIsoFile(iso, place, limit).catch((cause: unknown) => {
      throw noMedium(iso, `${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
    });
  };
  return {
    places,
    manifestBytes: await read(MediumPath.manifest, MANIFEST_BYTES),
    signatures: parseSignatureFile(await read(MediumPath.signatures, SIGNATURE_FILE_BYTES)),
  };
}

function noMedium(iso: string, why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'no-medium',
    message: `${iso} is not an installation medium of micro-linux`,
    why,
    hint: './micro-linux iso makes one',
    exitCode: ExitCode.usage,
  });
}
