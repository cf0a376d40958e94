import { payloadBytes, seekTableOf } from '../chunks/chunk-places.ts';
import { encodeHead } from '../head/encode-head.ts';
import { readHead } from '../head/read-head.ts';
import type { ManifestSignature } from '../head/signatures.ts';
import { fileSource } from '../sources/file-source.ts';
import { copyRange } from './copy-range.ts';
import { writeOutput } from './write-output.ts';

export interface AttachOptions {
  readonly update: string;
  /** May be `update` itself. */
  readonly output: string;
  readonly signatures: readonly ManifestSignature[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the same update with more signatures; a new one replaces an old one by the same key. The
 * signatures are not checked, as that needs the keys.
 *
 * @throws MicroLinuxError what `readHead` throws, `signatures-invalid`, `update-missing`,
 *   `update-unreadable`, `update-unwritable`, `cancelled`.
 */
export async function attachSignatures(options: AttachOptions): Promise<void> {
  const { update, output, signal } = options;
  const source = await fileSource(update);
  try {
    const head = await readHead(source);
    const added = new Set(options.signatures.map(({ keyId }) => keyId));
    const kept = head.signatures.filter(({ keyId }) => !added.has(keyId));
    const bytes = encodeHead({ ...head, signatures: [...kept, ...options.signatures] });
    await writeOutput(output, signal, async (file) => {
      await file.writeFile(bytes);
      await copyRange(source, head.payloadOffset, payloadBytes(head.manifest), file, signal);
      await file.writeFile(seekTableOf({ ...head, payloadOffset: bytes.length }));
    });
  } finally {
    await source.close();
  }
}
