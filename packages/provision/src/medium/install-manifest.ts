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
/** A file that must fit into its place on the disk. */
const atMost = (limit: number) => z.strictObject({ bytes: bytes.max(limit), sha256 });

/** A file compressed with zstd. */
const image = z.strictObject({
  bytes,
  sha256,
  /** Of the uncompressed content. */
  imageBytes: bytes,
  imageSha256: sha256,
});

const mediumPath = z
  .string()
  .max(1024)
  .regex(/^\/[^\p{Cc}]+$/u, 'must be an absolute path');

/**
 * The content of `install.json`, which describes an installation medium. The file is signed byte
 * for byte; `format` distinguishes it from anything else signed with the same keys.
 */
export const installManifestSchema = z.strictObject({
  format: z.literal('micro-linux-medium'),
  schema: z.literal(2),
  /** Product id. */
  compatible: text,
  version: text,
  profile: text,
  /** The id of the build; partition GUIDs are derived from it. */
  buildId: text,
  disk: z.strictObject({ espBytes: bytes, slotBytes: bytes }),
  /**
   * Length and SHA-256 of each file that the installer writes or reads, as stored on the medium.
   */
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
   * Other files of the medium by path, such as its live system, for a check on another machine: the
   * running live system cannot verify itself.
   */
  others: z.record(mediumPath, file),
});

export type InstallManifest = z.output<typeof installManifestSchema>;
