import { MicroLinuxError } from '@micro-linux/core';
import type { BootDevice } from './boot-device.ts';
import { type FatEntry, fatEntries } from './fat-directory.ts';
import { BOOT_SECTOR_BYTES, clusterOffset, type FatGeometry, fatGeometry } from './fat-geometry.ts';
import { type FatTable, fatTable } from './fat-table.ts';

/** The boot programs' folder on the ESP, and what is needed to change it. */
export interface BootFiles {
  readonly geometry: FatGeometry;
  readonly table: FatTable;
  /** The sector with all entries of the folder that matter. */
  readonly sector: Buffer;
  /** Where that sector is in the partition. */
  readonly sectorOffset: number;
  /** Entry by name, in upper case; offsets count from the start of the sector. */
  readonly entries: ReadonlyMap<string, FatEntry>;
  /** Clusters of everything on the ESP except the spare files. */
  readonly foreign: ReadonlySet<number>;
}

/** A directory of this size is damaged: the specification ends them at 2 MiB. */
const DIRECTORY_LIMIT_BYTES = 2 * 1024 * 1024;

/**
 * Reads the ESP's folder of boot programs, straight from the partition.
 *
 * @param folder names from the root, in upper case.
 * @param names the files that must be there, in upper case.
 * @param spare those of them whose contents boot nothing.
 * @throws MicroLinuxError `bootloader-unsupported` when the ESP is not FAT32, a name is missing, or
 *   the names are not in one sector, so that no single write could exchange them.
 */
export function readBootFiles(
  device: BootDevice,
  options: {
    readonly folder: readonly string[];
    readonly names: readonly string[];
    readonly spare: readonly string[];
  },
): BootFiles {
  const geometry = fatGeometry(device.read(0, BOOT_SECTOR_BYTES), device.bytes);
  if (!geometry) {
    throw unsupported('the EFI system partition is not a sound FAT32 file system');
  }
  const [first = 0] = geometry.tables;
  const table = fatTable(device.read(first, geometry.tableBytes), geometry);
  const directory = (cluster: number) => {
    const chain = table.chain(cluster);
    if (chain.length * geometry.clusterBytes > DIRECTORY_LIMIT_BYTES) {
      throw unsupported('a folder of the EFI system partition is too large');
    }
    const parts = chain.map((at) =>
      device.read(clusterOffset(geometry, at), geometry.clusterBytes),
    );
    return { chain, bytes: Buffer.concat(parts) };
  };

  let at = directory(geometry.rootCluster);
  for (const name of options.folder) {
    const found = fatEntries(at.bytes).find((entry) => entry.isDirectory && entry.name === name);
    if (!found) {
      throw unsupported(`the EFI system partition has no folder ${options.folder.join('/')}`);
    }
    at = directory(found.firstCluster);
  }
  const { sectorBytes, clusterBytes } = geometry;
  const found = fatEntries(at.bytes).filter(({ name }) => options.names.includes(name));
  const missing = options.names.filter((name) => !found.some((entry) => entry.name === name));
  if (missing.length > 0) {
    throw unsupported(`the EFI system partition has no ${missing.join(', ')}`);
  }
  const sectors = new Set(found.map(({ offset }) => Math.floor(offset / sectorBytes)));
  const [index = 0] = sectors;
  if (sectors.size > 1) {
    throw unsupported('the names of the boot programs are not in one sector');
  }
  const start = index * sectorBytes;
  const cluster = at.chain[Math.floor(start / clusterBytes)] ?? 0;
  const foreign = ownedClusters(geometry, table, directory, options);
  return {
    geometry,
    table,
    sector: Buffer.from(at.bytes.subarray(start, start + sectorBytes)),
    sectorOffset: clusterOffset(geometry, cluster) + (start % clusterBytes),
    entries: new Map(
      found.map((entry) => [entry.name, { ...entry, offset: entry.offset - start }]),
    ),
    foreign,
  };
}

/** Contents of a file, as long as its entry says; shorter when its chain is shorter. */
export function readContents(
  device: BootDevice,
  { geometry, table }: Pick<BootFiles, 'geometry' | 'table'>,
  entry: FatEntry,
): Buffer {
  const parts: Buffer[] = [];
  for (const { offset, bytes } of runs(geometry, table.chain(entry.firstCluster))) {
    parts.push(device.read(offset, bytes));
  }
  return Buffer.concat(parts).subarray(0, entry.bytes);
}

/** Adjacent clusters of a chain as ranges of bytes in the partition. */
export function runs(
  geometry: FatGeometry,
  chain: readonly number[],
): readonly { readonly offset: number; readonly bytes: number }[] {
  const found: { offset: number; bytes: number }[] = [];
  for (const cluster of chain) {
    const offset = clusterOffset(geometry, cluster);
    const last = found.at(-1);
    if (last && last.offset + last.bytes === offset) {
      last.bytes += geometry.clusterBytes;
    } else {
      found.push({ offset, bytes: geometry.clusterBytes });
    }
  }
  return found;
}

function ownedClusters(
  geometry: FatGeometry,
  table: FatTable,
  directory: (cluster: number) => { readonly chain: readonly number[]; readonly bytes: Buffer },
  options: { readonly folder: readonly string[]; readonly spare: readonly string[] },
): ReadonlySet<number> {
  const owned = new Set<number>();
  const folder = options.folder.join('/');
  const walk = (cluster: number, path: string) => {
    if (owned.has(cluster)) {
      return;
    }
    const { chain, bytes } = directory(cluster);
    for (const at of chain) {
      owned.add(at);
    }
    for (const entry of fatEntries(bytes)) {
      if (entry.isDirectory) {
        walk(entry.firstCluster, path === '' ? entry.name : `${path}/${entry.name}`);
      } else if (path !== folder || !options.spare.includes(entry.name)) {
        for (const at of table.chain(entry.firstCluster)) {
          owned.add(at);
        }
      }
    }
  };
  walk(geometry.rootCluster, '');
  return owned;
}

function unsupported(why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'bootloader-unsupported',
    message: 'shim and GRUB on this disk cannot be updated safely, so they stay as they are',
    why,
    hint: 'the machine boots as before; docs/explanation/bootloader.md says how to replace them by hand',
  });
}
