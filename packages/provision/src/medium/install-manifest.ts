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

/** A file that is compressed by zstd. */
const image = z.strictObject({
  bytes,
  sha256,
  /** Of what is in it. */
  imageBytes: bytes,
  imageSha256: sha256,
});

const mediumPath = z
  .string()
  .max(1024)
  .regex(/^\/[^\p{Cc}]+$/u, 'must be an absolute path');

/**
 * What an installation medium says of itself in `install.json`. The file is signed as it is, byte for
 * byte; `format` tells it from whatever else the same keys sign.
 */
export const installManifestSchema = z.strictObject({
  format: z.literal('micro-linux-medium'),
  schema: z.literal(2),
  /** Product id. */
  compatible: text,
  version: text,
  profile: text,
  /** The build's; partition GUIDs are derived from it. */
  buildId: text,
  disk: z.strictObject({ espBytes: bytes, slotBytes: bytes }),
  /** Length and SHA-256 of each file that the installer writes or obeys, as it lies on the medium. */
  files: z.strictObject({
    update: file,
    esp: image,
    /** For disks with sectors of 4096 bytes. */
    esp4k: image,
    bootCode: atMost(BOOT_CODE_BYTES),
    core: atMost(BIOS_BOOT_BYTES),
    seed: file,
  }),
  /**
   * Other files of the medium by path, such as its live system: for whoever checks the medium on
   * another machine. The live system that runs cannot vouch for itself.
   */
  others: z.record(mediumPath, file),
});

export type InstallManifest = z.output<typeof installManifestSchema>;
