import { firstIssue } from '@micro-linux/core';
import * as z from 'zod';
import { maxFrameBytes } from './zstd/frame-bound.ts';

/** First line of the manifest frame's payload: says what is signed, and by which rules. */
export const MANIFEST_HEADER = 'micro-linux update manifest 1\n';

/**
 * Upper bounds that a reader enforces before it trusts a length; docs/reference/update-format.md.
 */
export const Limit = {
  /** Payload of the manifest frame, in bytes. */
  manifestBytes: 16 * 1024 * 1024,
  /** Payload of the signatures frame, in bytes. */
  signaturesBytes: 64 * 1024,
  signatures: 16,
  /** One slot image, in bytes: 1 TiB. */
  imageBytes: 2 ** 40,
  minChunkBytes: 64 * 1024,
  maxChunkBytes: 16 * 1024 * 1024,
} as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const shortText = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');
/** Semantic Versioning 2.0.0, without build metadata. */
const semanticVersion = z
  .string()
  .max(128)
  .regex(
    /^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?$/,
    'must be 1.2.3 or 1.2.3-rc.1',
  );

const chunkSchema = z.strictObject({
  /** Length of the chunk's zstd frame in the file, in bytes. */
  frameBytes: z.int().min(1),
  /** SHA-256 of that frame, checked before anything is decompressed. */
  frameSha256: sha256,
  /** SHA-256 of the chunk's content: shows whether a slot already contains it. */
  sha256,
});

/** What a signature covers; hashes in it cover the rest of the file. */
export const manifestSchema = z
  .strictObject({
    format: z.literal('micro-linux-update'),
    schema: z.literal(1),
    /** Product id: a device accepts only updates of its own product. */
    compatible: shortText,
    version: semanticVersion,
    /** A device never accepts an index below the highest one that was healthy on it. */
    rollbackIndex: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    /** Oldest agent that can apply this. */
    minimumAgent: semanticVersion.optional(),
    architecture: z.literal('x86_64'),
    profile: shortText,
    buildId: shortText,
    /** Kernel release that the slot boots. */
    kernel: shortText,
    image: z.strictObject({
      /** Length of the slot image. */
      bytes: z.int().min(1).max(Limit.imageBytes),
      sha256,
      /** Length of each chunk's content except the last, which may be shorter; a power of two. */
      chunkBytes: z.int().min(Limit.minChunkBytes).max(Limit.maxChunkBytes),
      /** Checked by {@link chunksProblem}: an array schema would list the errors of every chunk. */
      chunks: z.custom<z.infer<typeof chunkSchema>[]>(Array.isArray, 'must be an array'),
    }),
  })
  .superRefine(({ image }, context) => {
    const message = chunksProblem(image);
    if (message !== undefined) {
      context.addIssue({ code: 'custom', message });
    }
  });

/** The first error in the chunks; their number is checked first. */
function chunksProblem({
  bytes,
  chunkBytes,
  chunks,
}: {
  readonly bytes: number;
  readonly chunkBytes: number;
  readonly chunks: readonly unknown[];
}): string | undefined {
  if ((chunkBytes & (chunkBytes - 1)) !== 0) {
    return 'image.chunkBytes must be a power of two';
  }
  const expected = Math.ceil(bytes / chunkBytes);
  if (chunks.length !== expected) {
    return `image.chunks must have ${expected} entries, not ${chunks.length}`;
  }
  const most = maxFrameBytes(Math.min(chunkBytes, bytes));
  for (const [index, chunk] of chunks.entries()) {
    const checked = chunkSchema.safeParse(chunk);
    if (!checked.success) {
      return `image.chunks[${index}]: ${firstIssue(checked.error)}`;
    }
    if (checked.data.frameBytes > most) {
      return `image.chunks[${index}].frameBytes must be at most ${most}`;
    }
  }
  return undefined;
}

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestChunk = Manifest['image']['chunks'][number];
