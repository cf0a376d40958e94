import { MicroLinuxError } from '@micro-linux/core';
import type { BootDevice } from './boot-device.ts';
import { type BootFiles, runs } from './boot-files.ts';
import { pointEntry } from './fat-directory.ts';
import { fitChain } from './fit-chain.ts';

/** One program to replace. */
export interface Replacement {
  /** Name on the ESP that boots, in upper case. */
  readonly active: string;
  /** Name of the file for the new contents before the exchange. */
  readonly spare: string;
  readonly contents: Buffer;
}

/** Counts free clusters in the FSINFO sector (Microsoft FAT specification, page 21). */
const FREE_COUNT_OFFSET = 488;

/**
 * Replaces boot programs on a FAT32 file system, safe against a power cut at any moment:
 *
 * 1. the spare files get as many clusters as they need; no cluster of another file is touched, and
 *    their entries in the table do not change;
 * 2. the new programs are written into those clusters, flushed and read back;
 * 3. one write of one sector exchanges the spare and the active entries of all programs at once.
 *
 * Before that last write the firmware finds all old programs, after it all new ones. The old ones
 * become the spare files.
 *
 * @throws MicroLinuxError `bootloader-no-room`, `bootloader-corrupt`, and what the device throws.
 */
export function exchangePrograms(
  device: BootDevice,
  files: BootFiles,
  replacements: readonly Replacement[],
): void {
  const { geometry, table } = files;
  const before = Buffer.from(table.bytes);
  const placed = replacements.map((replacement) => {
    const entry = entryOf(files, replacement.spare);
    const chain = fitChain(table, {
      first: entry.firstCluster,
      clusters: Math.ceil(replacement.contents.length / geometry.clusterBytes),
      endCluster: geometry.endCluster,
      isForeign: (cluster) => files.foreign.has(cluster),
    });
    if (!chain) {
      throw noRoom(replacement);
    }
    return { replacement, chain };
  });

  writeTables(device, files, before);
  device.flush();
  for (const { replacement, chain } of placed) {
    writeContents(device, files, chain, replacement.contents);
  }
  device.flush();
  for (const { replacement, chain } of placed) {
    checkContents(device, files, chain, replacement);
  }

  for (const { replacement, chain } of placed) {
    const active = entryOf(files, replacement.active);
    const spare = entryOf(files, replacement.spare);
    const contents = { firstCluster: chain[0] ?? 0, bytes: replacement.contents.length };
    pointEntry(files.sector, active.offset, contents);
    pointEntry(files.sector, spare.offset, active);
  }
  device.write(files.sectorOffset, files.sector);
  device.flush();
  if (!device.readBack(files.sectorOffset, files.sector.length).equals(files.sector)) {
    throw corrupt('the folder of the boot programs');
  }
}

/** Writes the sectors of every copy of the table that changed, and the number of free clusters. */
function writeTables(device: BootDevice, files: BootFiles, before: Buffer): void {
  const { geometry, table } = files;
  const { sectorBytes } = geometry;
  // The last copy first: the first one is what firmware reads.
  for (const start of geometry.tables.toReversed()) {
    for (let at = 0; at < table.bytes.length; at += sectorBytes) {
      const sector = table.bytes.subarray(at, at + sectorBytes);
      if (!sector.equals(before.subarray(at, at + sectorBytes))) {
        device.write(start + at, sector);
      }
    }
  }
  if (geometry.infoSector !== undefined && !table.bytes.equals(before)) {
    const info = device.read(geometry.infoSector, sectorBytes);
    info.writeUInt32LE(table.countFree(), FREE_COUNT_OFFSET);
    device.write(geometry.infoSector, info);
  }
}

function writeContents(
  device: BootDevice,
  { geometry }: BootFiles,
  chain: readonly number[],
  contents: Buffer,
): void {
  let done = 0;
  for (const { offset, bytes } of runs(geometry, chain)) {
    const piece = Buffer.alloc(bytes);
    contents.copy(piece, 0, done);
    device.write(offset, piece);
    done += bytes;
  }
}

function checkContents(
  device: BootDevice,
  { geometry }: BootFiles,
  chain: readonly number[],
  { active, contents }: Replacement,
): void {
  let done = 0;
  for (const { offset, bytes } of runs(geometry, chain)) {
    const wanted = contents.subarray(done, done + bytes);
    if (!device.readBack(offset, wanted.length).equals(wanted)) {
      throw corrupt(active);
    }
    done += bytes;
  }
}

function entryOf(files: BootFiles, name: string) {
  const entry = files.entries.get(name);
  if (!entry) {
    throw new RangeError(`${name} was not asked for`);
  }
  return entry;
}

function noRoom({ active, contents }: Replacement): MicroLinuxError {
  return new MicroLinuxError({
    code: 'bootloader-no-room',
    message: `the EFI system partition has no room for ${active} (${contents.length} bytes)`,
    why: 'the old program stays until the new one is complete, so there must be space for both',
    hint: 'the machine boots as before; remove what you put into /boot/efi yourself',
  });
}

function corrupt(what: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'bootloader-corrupt',
    message: `the disk contains something other than what was written: ${what}`,
    why: 'reading back did not give the same bytes',
    hint: 'the disk is failing: dmesg; replace it before the next restart',
  });
}
