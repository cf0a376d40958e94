import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MIB, type PartitionName, run, SECTOR_BYTES } from '@micro-linux/core';
import { type DiskFacts, type DiskPartition, readDisk } from 'micro-linux/jobs/inspect/read-disk';
import { CREDENTIALS_FILE } from 'micro-linux/output/directories';
import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { debugfs } from '../cli/debugfs.ts';
import { partitionDigest, type RawDisk, unpackDisk } from '../cli/disk.ts';
import { microLinux } from '../cli/micro-linux.ts';
import type { Installer } from './make-installer.ts';

/** SHA-256 of slot A of a disk, as far as the image goes; the table is looked at by sgdisk, too. */
export async function slotDigest(
  qcow2: string,
  installer: Installer,
  scratch: string,
): Promise<string> {
  return onRawDisk(qcow2, scratch, async (raw) => {
    if ((await disk(raw)).sectorBytes === SECTOR_BYTES) {
      await run('sgdisk', ['-v', raw.path]);
    }
    return partitionDigest(raw, await partition(raw, 'rootA'), installer.record.slot.bytes);
  });
}

/** A file of the data partition of a disk whose machine is off. Throws if it is not there. */
export async function readFromData(qcow2: string, path: string, scratch: string): Promise<string> {
  return onRawDisk(qcow2, scratch, async (raw) => {
    const { startSector } = await partition(raw, 'data');
    const image = `${raw.path}?offset=${startSector * SECTOR_BYTES}`;
    return debugfs(image, `cat ${path}`);
  });
}

/** Overwrites the first MiB of partitions, and the boot code, as an accidental dd does. */
export async function ruin(
  qcow2: string,
  { record }: Installer,
  names: readonly PartitionName[],
): Promise<void> {
  const starts = record.partitions
    .filter(({ name }) => names.some((one) => one === name))
    .map(({ startSector }) => startSector * SECTOR_BYTES);
  const commands = ['write -P 0x5a 0 440', ...starts.map((at) => `write -P 0x5a ${at} ${MIB}`)];
  await run('qemu-io', ['-f', 'qcow2', ...commands.flatMap((one) => ['-c', one]), qcow2]);
}

/** `micro-linux test` of a disk: the table that it prints. Throws unless everything passed. */
export async function smoke(
  qcow2: string,
  installer: Installer,
  firmware: FirmwareKind,
): Promise<string> {
  // It looks for the password beside the disk.
  await copyFile(
    join(installer.artifacts, CREDENTIALS_FILE),
    join(dirname(qcow2), CREDENTIALS_FILE),
  );
  const { stdout, stderr, exitCode } = await microLinux([
    ...['test', qcow2, '--firmware', firmware],
    ...['--artifacts', join(installer.artifacts, `test-${firmware}`)],
  ]);
  if (exitCode !== 0 || !/login prompt appears +ok /.test(stdout)) {
    throw new Error(`the installed system is not well:\n${stdout}\n${stderr}`);
  }
  return stdout;
}

/** Whether anything was ever written to a blank disk. */
export async function isBlank(qcow2: string): Promise<boolean> {
  const { stdout } = await run('qemu-img', ['map', '--output=json', qcow2]);
  const parts = JSON.parse(stdout) as readonly { readonly data: boolean }[];
  return parts.every(({ data }) => !data);
}

async function onRawDisk<T>(
  qcow2: string,
  scratch: string,
  look: (raw: RawDisk) => Promise<T>,
): Promise<T> {
  const raw = await unpackDisk(qcow2, scratch);
  try {
    return await look(raw);
  } finally {
    await run('rm', ['-f', raw.path]);
  }
}

function disk(raw: RawDisk): Promise<DiskFacts> {
  return readDisk(raw.path, dirname(raw.path), run, new AbortController().signal);
}

async function partition(raw: RawDisk, name: PartitionName): Promise<DiskPartition> {
  const found = (await disk(raw)).partitions.find((one) => one.name === name);
  if (!found) {
    throw new Error(`${raw.path} has no partition ${name}`);
  }
  return found;
}
