import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB, MicroLinuxError, type Runner, SECTOR_BYTES } from '@micro-linux/core';
import * as z from 'zod';
import { makeOwnFolder } from '../../system/temporary/own-folder.ts';
import { imageSectorBytes } from '../../vm/image-file.ts';

/** Facts about a disk image. */
export interface DiskFacts {
  readonly format: string;
  /** Size the guest sees, in bytes. */
  readonly virtualBytes: number;
  /** Space the file uses on this host, in bytes. */
  readonly actualBytes: number;
  /** Sector size of its partition table. */
  readonly sectorBytes: number;
  readonly partitions: readonly DiskPartition[];
}

export interface DiskPartition {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly uuid: string;
  /** In sectors of 512 bytes. */
  readonly startSector: number;
  readonly sectors: number;
}

const infoSchema = z.object({
  format: z.string(),
  'virtual-size': z.number(),
  'actual-size': z.number(),
});

const tableSchema = z.object({
  partitiontable: z.object({
    partitions: z.array(
      z.object({
        node: z.string(),
        start: z.number(),
        size: z.number(),
        type: z.string(),
        uuid: z.string().default(''),
        name: z.string().default(''),
      }),
    ),
  }),
});

/**
 * Reads format, sizes and partition table of a disk image, whatever its format, without mounting.
 *
 * @throws MicroLinuxError `image-unreadable` if it is not a disk image or has no partition table.
 */
export async function readDisk(
  image: string,
  temporary: string,
  run: Runner,
  signal: AbortSignal,
): Promise<DiskFacts> {
  const directory = await makeOwnFolder(temporary, 'micro-linux-inspect-', run);
  try {
    const info = infoSchema.parse(
      JSON.parse((await run('qemu-img', ['info', '--output=json', image], { signal })).stdout),
    );
    // The table is in the first MiB. The file is extended to the disk's size, so that sfdisk
    // accepts it.
    const head = join(directory, 'disk');
    await run(
      'qemu-img',
      ['dd', '-f', info.format, '-O', 'raw', 'bs=1M', 'count=1', `if=${image}`, `of=${head}`],
      { signal },
    );
    await run('truncate', ['-s', String(Math.max(info['virtual-size'], MIB)), head], { signal });
    const sectorBytes = await imageSectorBytes(image, info.format, { run, signal });
    const partitions =
      sectorBytes === SECTOR_BYTES
        ? await partitionsBySfdisk(head, run, signal)
        : await partitionsByFdisk(head, sectorBytes, run, signal);
    return {
      format: info.format,
      virtualBytes: info['virtual-size'],
      actualBytes: info['actual-size'],
      sectorBytes,
      partitions,
    };
  } catch (cause) {
    if (cause instanceof MicroLinuxError && cause.code !== 'tool-failed') {
      throw cause;
    }
    throw new MicroLinuxError({
      code: 'image-unreadable',
      message: `${image} is not a disk image with a partition table`,
      why: cause instanceof MicroLinuxError ? cause.why : String(cause),
      hint: './micro-linux build makes one',
      cause,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function partitionsBySfdisk(
  head: string,
  run: Runner,
  signal: AbortSignal,
): Promise<readonly DiskPartition[]> {
  const { stdout } = await run('sfdisk', ['--json', head], { signal });
  return tableSchema.parse(JSON.parse(stdout)).partitiontable.partitions.map((partition) => ({
    number: numberOf(partition.node),
    name: partition.name,
    type: partition.type.toLowerCase(),
    uuid: partition.uuid.toLowerCase(),
    startSector: partition.start,
    sectors: partition.size,
  }));
}

/** sfdisk only supports sectors of 512 bytes; fdisk has an option. */
async function partitionsByFdisk(
  head: string,
  sectorBytes: number,
  run: Runner,
  signal: AbortSignal,
): Promise<readonly DiskPartition[]> {
  const columns = 'Device,Start,Sectors,Type-UUID,UUID,Name';
  const { stdout } = await run(
    'fdisk',
    ['--sector-size', String(sectorBytes), '--list', '--output', columns, head],
    { signal },
  );
  const inSectors = (text: string | undefined) => (Number(text) * sectorBytes) / SECTOR_BYTES;
  return stdout.split('\n').flatMap((line) => {
    if (!line.startsWith(head)) {
      return [];
    }
    const [node = '', start, sectors, type = '', uuid = '', ...name] = line.split(/ +/);
    return [
      {
        number: numberOf(node),
        name: name.join(' '),
        type: type.toLowerCase(),
        uuid: uuid.toLowerCase(),
        startSector: inSectors(start),
        sectors: inSectors(sectors),
      },
    ];
  });
}

function numberOf(node: string): number {
  return Number(/\d+$/.exec(node)?.[0] ?? 0);
}
