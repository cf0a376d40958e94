import type { ManifestSignature } from './head/signatures.ts';
import type { Manifest } from './manifest.ts';
import { compressImage, type Payload } from './write/compress-image.ts';
import { encodeManifest } from './write/encode-manifest.ts';
import { parsePrivateKey } from './write/private-key.ts';
import { signManifest } from './write/sign-manifest.ts';
import { writeUpdate } from './write/write-update.ts';

/** For tests and benches. The shortest valid chunks: many of them in a small image. */
export const CHUNK_BYTES = 64 * 1024;

/** For tests and benches: a manifest for a payload; `changes` override its fields. */
export function manifestFor(image: Payload, changes: Partial<Manifest> = {}): Manifest {
  return {
    format: 'micro-linux-update',
    schema: 1,
    compatible: 'test-device',
    version: '2.0.0',
    rollbackIndex: 3,
    architecture: 'x86_64',
    profile: 'bookworm',
    buildId: 'test-build',
    kernel: '6.1.0-test',
    image: { ...image, chunks: [...image.chunks] },
    ...changes,
  };
}

/** For tests and benches: signatures by private keys in PEM. */
export function signaturesBy(
  manifestBytes: Buffer,
  privatePems: readonly string[],
): ManifestSignature[] {
  return privatePems.map((pem) =>
    signManifest(manifestBytes, parsePrivateKey(pem, 'a key of the test').key),
  );
}

/** What {@link makeUpdate} makes an update of. */
export interface UpdateParts {
  /** The slot image. */
  readonly image: string;
  /** File for the compressed chunks; it stays. */
  readonly payload: string;
  /** The update to write. */
  readonly output: string;
  /** zstd level; 3 by default. */
  readonly level?: number;
  /** {@link CHUNK_BYTES} by default. */
  readonly chunkBytes?: number;
  /** Fields of the manifest. */
  readonly manifest?: Partial<Manifest>;
  /** The keys that sign; none by default. */
  readonly privatePems?: readonly string[];
  /** Changes what the manifest says about the image. */
  readonly lie?: (image: Payload) => Payload;
}

/** For tests and benches: compresses a slot image, describes it, signs it and writes update.img. */
export async function makeUpdate(
  parts: UpdateParts,
): Promise<{ readonly manifest: Manifest; readonly manifestBytes: Buffer }> {
  const { image, payload, output, level = 3, chunkBytes = CHUNK_BYTES } = parts;
  const { lie = (unchanged: Payload) => unchanged } = parts;
  const made = lie(await compressImage({ image, output: payload, level, chunkBytes }));
  const manifest = manifestFor(made, parts.manifest);
  const manifestBytes = encodeManifest(manifest);
  const signatures = signaturesBy(manifestBytes, parts.privatePems ?? []);
  await writeUpdate({ output, payload, manifestBytes, signatures });
  return { manifest, manifestBytes };
}
