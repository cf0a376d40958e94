import * as z from 'zod';
import { BOOT_CODE_BYTES } from '../disk/bios-boot.ts';
import { BIOS_BOOT_BYTES } from '../disk/disk-sizes.ts';

const text = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const bytes = z.int().min(1);
const file = z.strictObject({ bytes, sha256 });
/** A file that must not reach what lies behind its place on the disk. */
const atMost = (limit: number) => z.strictObject({ bytes: bytes.max(limit), sha256 });

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
    bootCode: atMost(BOOT_CODE_BYTES),
    core: atMost(BIOS_BOOT_BYTES),
  }),
});

export type InstallManifest = z.output<typeof installManifestSchema>;
