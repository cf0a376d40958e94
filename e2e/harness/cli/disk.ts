import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';

/** The disk of a qcow2 as a plain file, and its partitions cut out of it. */
export interface RawDisk {
  readonly path: string;
}

interface Partition {
  readonly startSector: number;
  readonly sectors: number;
}

/** Unpacks a qcow2 to a sparse raw file. */
export async function unpackDisk(qcow2: string, directory: string): Promise<RawDisk> {
  const path = join(directory, 'disk.raw');
  await run('qemu-img', ['convert', '-O', 'raw', qcow2, path]);
  return { path };
}

/** Copies one partition of a disk into a file of its own, holes kept. */
export async function cutPartition(disk: RawDisk, partition: Partition, to: string): Promise<void> {
  await run('dd', [
    `if=${disk.path}`,
    `of=${to}`,
    'bs=1M',
    'iflag=skip_bytes,count_bytes',
    `skip=${partition.startSector * 512}`,
    `count=${partition.sectors * 512}`,
    'conv=sparse',
    'status=none',
  ]);
}

/** SHA-256 of the first `bytes` bytes of a partition, in lower-case hex. */
export async function partitionDigest(
  disk: RawDisk,
  partition: Partition,
  bytes: number,
): Promise<string> {
  const file = await open(disk.path);
  try {
    const hash = createHash('sha256');
    const start = partition.startSector * 512;
    for await (const chunk of file.createReadStream({ start, end: start + bytes - 1 })) {
      hash.update(chunk as Buffer);
    }
    return hash.digest('hex');
  } finally {
    await file.close().catch(() => undefined);
  }
}
