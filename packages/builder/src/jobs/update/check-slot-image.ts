import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ExitCode, MicroLinuxError, type Runner, reasonOf, SlotPath } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';
import * as z from 'zod';
import type { Config } from '../../config/config.ts';
import { ext4Bytes, SUPERBLOCK_END } from '../../steps/ext4/superblock.ts';

/** Fields that the device compares with the manifest: it refuses an update if they differ. */
const infoSchema = z.object({
  schema: z.literal(1),
  profile: z.string(),
  version: z.string(),
  compatible: z.string(),
  rollbackIndex: z.number().int().nonnegative(),
  buildId: z.string().min(1),
  kernel: z.string().min(1),
});

/** The info in a slot image, and its size. */
export interface CheckedSlotImage {
  /** Length of the file, in bytes. */
  readonly bytes: number;
  readonly info: Pick<Manifest, 'buildId' | 'kernel'>;
}

/**
 * Checks that a file may be signed as an update of this config: it is a complete ext4 file system
 * made by micro-linux, and its info matches the manifest.
 *
 * @throws MicroLinuxError, exit code 2: `slot-image-unreadable`, `slot-image-invalid`,
 *   `slot-image-differs`.
 */
export async function checkSlotImage(
  image: string,
  config: Config,
  { run, signal }: { readonly run: Runner; readonly signal: AbortSignal },
): Promise<CheckedSlotImage> {
  const { start, bytes } = await readStart(image);
  const fileSystemBytes = ext4Bytes(start);
  if (fileSystemBytes === undefined) {
    throw invalid(image, 'it does not contain an ext4 file system');
  }
  if (fileSystemBytes > bytes) {
    throw invalid(
      image,
      `it was cut off: its file system has ${fileSystemBytes} bytes, the file ${bytes}`,
    );
  }
  // debugfs always exits with 0; it does not print what it cannot read.
  const { stdout } = await run('debugfs', ['-R', `cat ${SlotPath.imageInfo}`, image], { signal });
  const info = infoSchema.safeParse(jsonOrUndefined(stdout));
  if (!info.success) {
    throw invalid(image, `it was not made by micro-linux: it has no valid ${SlotPath.imageInfo}`);
  }
  requireSame(image, info.data, config);
  return { bytes, info: { buildId: info.data.buildId, kernel: info.data.kernel } };
}

async function readStart(image: string): Promise<{ start: Buffer; bytes: number }> {
  try {
    const file = await open(image, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      if (!info.isFile()) {
        throw invalid(image, 'it is not a regular file');
      }
      const start = Buffer.alloc(SUPERBLOCK_END);
      await file.read(start, 0, start.length, 0);
      return { start, bytes: info.size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof MicroLinuxError) {
      throw cause;
    }
    throw new MicroLinuxError({
      code: 'slot-image-unreadable',
      message: `the slot image ${image} cannot be read`,
      why: reasonOf(cause),
      hint: 'name the slot image: ./micro-linux rootfs makes one',
      exitCode: ExitCode.usage,
      cause,
    });
  }
}

function requireSame(image: string, info: z.output<typeof infoSchema>, config: Config): void {
  const wanted = {
    profile: { value: config.profile, flag: '--profile' },
    version: { value: config.version, flag: '--image-version' },
    compatible: { value: config.compatible, flag: '--compatible' },
    rollbackIndex: { value: config.update.rollbackIndex, flag: '--rollback-index' },
  };
  const keys = ['profile', 'version', 'compatible', 'rollbackIndex'] as const;
  const different = keys.filter((key) => info[key] !== wanted[key].value);
  if (different.length > 0) {
    throw new MicroLinuxError({
      code: 'slot-image-differs',
      message: `the slot image ${image} is not what the configuration describes`,
      why: [
        ...different.map(
          (key) =>
            `${key}: the image says ${JSON.stringify(info[key])}, the configuration ${JSON.stringify(wanted[key].value)}`,
        ),
        'a device would refuse the update, or never accept the next one',
      ].join('\n'),
      hint: `${different.map((key) => `${wanted[key].flag} ${info[key]}`).join(' ')}   (or name the config file the image was built from: --config FILE)`,
      exitCode: ExitCode.usage,
    });
  }
}

function invalid(image: string, why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'slot-image-invalid',
    message: `${image} is not a slot image; it is not signed`,
    why,
    hint: './micro-linux rootfs makes a slot image',
    exitCode: ExitCode.usage,
  });
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
