import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, MicroLinuxError, type Runner } from '@micro-linux/core';
import { SECTOR_SIZES, type SectorBytes } from '@micro-linux/provision';
import * as z from 'zod';
import { DISK_DRIVERS, type DiskDriver } from '../output/disk-formats.ts';
import type { FirmwareKind } from './firmware.ts';
import { refusePacked } from './packed-image.ts';

/** A disk image on the host. */
export interface ImageFile {
  /** Absolute. */
  readonly path: string;
  readonly format: DiskDriver;
  /** Size of the disk the guest sees, bytes. */
  readonly bytes: number;
  /** Sector size of its partition table; 512 if it has none. */
  readonly sectorBytes: SectorBytes;
}

const infoSchema = z.object({ format: z.enum(DISK_DRIVERS), 'virtual-size': z.number() });

/**
 * Asks qemu-img for the format of an image.
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
  await refusePacked(path);
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
  const head = await readHead(path, format, { run, signal });
  // qemu-img calls every file that it does not know "raw": an update, a text.
  if (head.length < 512 || head.readUInt16LE(BOOT_SIGNATURE_AT) !== BOOT_SIGNATURE) {
    throw unreadable('it has neither boot code nor a partition table');
  }
  return { path, format, bytes, sectorBytes: sectorBytesOf(head) };
}

/** At the end of the first 512 bytes, both in a boot sector and in a GPT's protective MBR. */
const BOOT_SIGNATURE_AT = 510;
const BOOT_SIGNATURE = 0xaa55;

/** A GPT begins in the second sector, of any size (UEFI specification, 5.3.2). */
const GPT_SIGNATURE = 'EFI PART';

/**
 * The sector size of a disk image's partition table.
 *
 * @param format as qemu-img names it.
 */
export async function imageSectorBytes(
  path: string,
  format: string,
  { run, signal }: { readonly run: Runner; readonly signal?: AbortSignal | undefined },
): Promise<SectorBytes> {
  return sectorBytesOf(await readHead(path, format, { run, signal }));
}

function sectorBytesOf(head: Buffer): SectorBytes {
  const found = SECTOR_SIZES.find(
    (size) => head.toString('latin1', size, size + GPT_SIGNATURE.length) === GPT_SIGNATURE,
  );
  return found ?? 512;
}

/** The first 8 KiB of a disk, or less if it is shorter. */
async function readHead(
  path: string,
  format: string,
  { run, signal }: { readonly run: Runner; readonly signal?: AbortSignal | undefined },
): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'image-head-'));
  try {
    const head = join(directory, 'head');
    const copy = ['dd', '-f', format, '-O', 'raw', 'bs=4096', 'count=2'];
    await run('qemu-img', [...copy, `if=${path}`, `of=${head}`], { signal });
    return await readFile(head);
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
      hint: 'use --uefi or --secure-boot with `vm`, --firmware uefi with `test`',
      exitCode: ExitCode.usage,
    });
  }
}

/** An image as the disk that a machine boots from. */
export function bootDisk({ sectorBytes }: Pick<ImageFile, 'sectorBytes'>) {
  return {
    bus: 'virtio',
    bootIndex: 0,
    ...(sectorBytes === 512 ? {} : { logicalBlockBytes: sectorBytes }),
  } as const;
}
