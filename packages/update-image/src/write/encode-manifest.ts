import { firstIssue } from '@micro-linux/core';
import { manifestInvalid } from '../head/parse-manifest.ts';
import { Limit, MANIFEST_HEADER, type Manifest, manifestSchema } from '../manifest.ts';

/**
 * The bytes to sign: the same for the same manifest, whatever the order of its keys.
 *
 * @throws MicroLinuxError `manifest-invalid` if no reader would accept it.
 */
export function encodeManifest(manifest: Manifest): Buffer {
  const checked = manifestSchema.safeParse(manifest);
  if (!checked.success) {
    throw manifestInvalid(firstIssue(checked.error));
  }
  const bytes = Buffer.from(`${MANIFEST_HEADER}${JSON.stringify(inOrder(checked.data))}\n`);
  if (bytes.length > Limit.manifestBytes) {
    throw manifestInvalid(
      `it would have ${bytes.length} bytes, and ${Limit.manifestBytes} are allowed: use larger chunks`,
    );
  }
  return bytes;
}

function inOrder({ image, ...manifest }: Manifest): Manifest {
  return {
    format: manifest.format,
    schema: manifest.schema,
    compatible: manifest.compatible,
    version: manifest.version,
    rollbackIndex: manifest.rollbackIndex,
    ...(manifest.minimumAgent === undefined ? {} : { minimumAgent: manifest.minimumAgent }),
    architecture: manifest.architecture,
    profile: manifest.profile,
    buildId: manifest.buildId,
    kernel: manifest.kernel,
    image: {
      bytes: image.bytes,
      sha256: image.sha256,
      chunkBytes: image.chunkBytes,
      chunks: image.chunks.map(({ frameBytes, frameSha256, sha256 }) => ({
        frameBytes,
        frameSha256,
        sha256,
      })),
    },
  };
}
