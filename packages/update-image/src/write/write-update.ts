import { payloadBytes, seekTableOf } from '../chunks/chunk-places.ts';
import { encodeHead } from '../head/encode-head.ts';
import { parseManifest } from '../head/parse-manifest.ts';
import type { ManifestSignature } from '../head/signatures.ts';
import { fileSource } from '../sources/file-source.ts';
import { failed } from '../update-error.ts';
import { copyRange } from './copy-range.ts';
import { writeOutput } from './write-output.ts';

export interface WriteOptions {
  readonly output: string;
  /** The file from `compressImage`. */
  readonly payload: string;
  /** The signed bytes from `encodeManifest`. */
  readonly manifestBytes: Buffer;
  /** May be empty: signatures can be attached later. */
  readonly signatures: readonly ManifestSignature[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Assembles an update. The signatures are not checked, as that needs the keys.
 *
 * @throws MicroLinuxError `manifest-invalid`, `signatures-invalid`, `payload-mismatch`,
 *   `update-missing` or `update-unreadable` (the payload), `update-unwritable`, `cancelled`.
 */
export async function writeUpdate(options: WriteOptions): Promise<void> {
  const { output, payload, manifestBytes, signatures, signal } = options;
  const manifest = parseManifest(manifestBytes);
  const head = encodeHead({ manifestBytes, signatures });
  const length = payloadBytes(manifest);
  const source = await fileSource(payload);
  try {
    if (source.size !== length) {
      throw failed({
        code: 'payload-mismatch',
        message: `${payload} is not the payload of this manifest`,
        why: `it has ${source.size} bytes, and the manifest says ${length}`,
        details: { file: payload },
      });
    }
    await writeOutput(output, signal, async (file) => {
      await file.writeFile(head);
      await copyRange(source, 0, length, file, signal);
      await file.writeFile(seekTableOf({ manifest, manifestBytes, payloadOffset: head.length }));
    });
  } finally {
    await source.close();
  }
}
