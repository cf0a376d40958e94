import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ExitCode, MicroLinuxError, type Runner, reasonOf } from '@micro-linux/core';
import { SECTOR_SIZES, type SectorBytes } from '@micro-linux/provision';
import * as z from 'zod';
import { DISK_DRIVERS, type DiskDriver } from '../output/disk-formats.ts';
import { requireReadableFile } from '../system/files/require-file.ts';
import type { FirmwareKind } from './firmware.ts';

/** A disk image on the host. */
export interface ImageFile {
  /** Absolute. */
  readonly path: string;
  readonly format: DiskDriver;
  /** Size of the disk the guest sees, bytes. */
  readonly bytes: number;
  /** Sectors that its partition table was made for; 512 where it has none. */
  readonly sectorBytes: SectorBytes;
}

const infoSchema = z.object({ format: z.enum(DISK_DRIVERS), 'virtual-size': z.number() });

/** What to boot, as the user said. */
export interface ImageChoice {
  /** A path; without one the newest artifact. */
  readonly image?: string | undefined;
  /** Only this profile's artifact. */
  readonly profile?: string | undefined;
  readonly artifacts: string;
  readonly cwd: string;
}

/**
 * Finds the image to boot.
 *
 * @returns An absolute path.
 * @throws MicroLinuxError `image-missing`.
 */
export async function findImage({ image, profile, artifacts, cwd }: ImageChoice): Promise<string> {
  if (image !== undefined) {
    const path = resolve(cwd, image);
    await requireReadableFile(path).catch((cause: unknown) => {
      throw missing(`the image ${image} cannot be used`, profile, cause);
    });
    return path;
  }
  const names = (await readdir(artifacts).catch(() => [])).filter((name) =>
    profile === undefined
      ? /^micro-linux-[\w-]+\.qcow2$/.test(name)
      : name === `micro-linux-${profile}.qcow2`,
  );
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(artifacts, name);
      return { path, modified: (await stat(path)).mtimeMs };
    }),
  );
  const newest = found.sort((one, other) => other.modified - one.modified)[0];
  if (!newest) {
    throw missing(
      profile === undefined
        ? `no image has been built yet: ${artifacts} has no micro-linux-*.qcow2`
        : `no image of ${profile} has been built yet: ${artifacts} has no micro-linux-${profile}.qcow2`,
      profile,
    );
  }
  return newest.path;
}

/**
 * Asks qemu-img what an image is.
 *
 * @throws MicroLinuxError `image-unreadable`, `tool-missing`, `tool-failed`.
 */
export async function inspectImage(
  path: string,
  { run, signal }: { readonly run: Runner; readonly signal?: AbortSignal | undefined },
): Promise<ImageFile> {
  const unreadable = (why: string | undefined, cause?: unknown) =>
    new MicroLinuxError({
      code: 'image-unreadable',
      message: `${path} is not a disk image that can be booted: ${DISK_DRIVERS.join(', ')}`,
      why,
      hint: './micro-linux build makes one',
      cause,
    });
  const { stdout } = await run('qemu-img', ['info', '--output=json', path], { signal }).catch(
    (error: unknown) => {
      const isOurs = error instanceof MicroLinuxError && error.code === 'tool-failed';
      throw isOurs ? unreadable(error.why, error) : error;
    },
  );
  const info = infoSchema.safeParse(JSON.parse(stdout));
  if (!info.success) {
    throw unreadable(undefined);
  }
  const { format, 'virtual-size': bytes } = info.data;
  return {
    path,
    format,
    bytes,
    sectorBytes: await imageSectorBytes(path, format, { run, signal }),
  };
}

/** A GPT begins in the second sector, whatever its size (UEFI specification, 5.3.2). */
const GPT_SIGNATURE = 'EFI PART';

/**
 * For which sectors the partition table of a disk image was made.
 *
 * @param format as qemu-img names it.
 */
export async function imageSectorBytes(
  path: string,
  format: string,
  { run, signal }: { readonly run: Runner; readonly signal?: AbortSignal | undefined },
): Promise<SectorBytes> {
  const directory = await mkdtemp(join(tmpdir(), 'image-head-'));
  try {
    const head = join(directory, 'head');
    const copy = ['dd', '-f', format, '-O', 'raw', 'bs=4096', 'count=2'];
    await run('qemu-img', [...copy, `if=${path}`, `of=${head}`], { signal });
    const bytes = await readFile(head);
    const found = SECTOR_SIZES.find(
      (size) => bytes.toString('latin1', size, size + GPT_SIGNATURE.length) === GPT_SIGNATURE,
    );
    return found ?? 512;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Refuses to boot a disk for sectors of 4096 bytes by BIOS, which cannot start it.
 *
 * @throws MicroLinuxError `bios-4kn` (exit code 2).
 */
export function requireBootable({ path, sectorBytes }: ImageFile, firmware: FirmwareKind): void {
  if (sectorBytes !== 512 && firmware === 'bios') {
    throw new MicroLinuxError({
      code: 'bios-4kn',
      message: `${path} is for disks with sectors of ${sectorBytes} bytes, which no BIOS starts`,
      hint: 'say --uefi or --secure-boot with `vm`, --firmware uefi with `test`',
      exitCode: ExitCode.usage,
    });
  }
}

/** How an image is plugged in as the disk that a machine boots from. */
export function bootDisk({ sectorBytes }: Pick<ImageFile, 'sectorBytes'>) {
  return {
    bus: 'virtio',
    bootIndex: 0,
    ...(sectorBytes === 512 ? {} : { logicalBlockBytes: sectorBytes }),
  } as const;
}

function missing(message: string, profile: string | undefined, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'image-missing',
    message,
    why: cause === undefined ? undefined : reasonOf(cause),
    hint: `./micro-linux build${profile === undefined ? '' : ` --profile ${profile}`}`,
    cause,
  });
}
