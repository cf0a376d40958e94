import * as z from 'zod';

const text = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const bytes = z.int().min(1);
const file = z.strictObject({ bytes, sha256 });

/** What an installation medium says of itself in `install.json`. */
export const installManifestSchema = z.strictObject({
  schema: z.literal(1),
  /** Product id. */
  compatible: text,
  version: text,
  profile: text,
  /** The build's; partition GUIDs are derived from it. */
  buildId: text,
  disk: z.strictObject({ espBytes: bytes, slotBytes: bytes }),
  /** Length and SHA-256 of each file as it lies on the medium. */
  files: z.strictObject({
    update: file,
    esp: z.strictObject({
      bytes,
      sha256,
      /** Of the image that is in it. */
      imageBytes: bytes,
      imageSha256: sha256,
    }),
    bootCode: file,
    core: file,
  }),
});

export type InstallManifest = z.output<typeof installManifestSchema>;
