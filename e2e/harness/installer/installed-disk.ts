import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import { CREDENTIALS_FILE } from '../../../packages/builder/src/build/credentials.ts';
import type { FirmwareKind } from '../../../packages/builder/src/vm/firmware.ts';
import { partitionDigest, unpackDisk } from '../cli/disk.ts';
import { microLinux } from '../cli/micro-linux.ts';
import { sfdiskTable } from '../cli/sfdisk-table.ts';
import type { Installer } from './make-installer.ts';

/** SHA-256 of slot A of a disk, as far as the image goes; the table is looked at by sgdisk, too. */
export async function slotDigest(
  qcow2: string,
  installer: Installer,
  scratch: string,
): Promise<string> {
  const raw = await unpackDisk(qcow2, scratch);
  try {
    await run('sgdisk', ['-v', raw.path]);
    const slot = (await sfdiskTable(raw)).find(({ name }) => name === 'rootA');
    if (!slot) {
      throw new Error(`${qcow2} has no partition rootA`);
    }
    return await partitionDigest(raw, slot, installer.record.slot.bytes);
  } finally {
    await run('rm', ['-f', raw.path]);
  }
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
  if (exitCode !== 0) {
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
