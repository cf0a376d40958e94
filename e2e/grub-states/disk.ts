import { mkdir, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MIB, partitionSpec, run, SECTOR_BYTES, type Slot } from '@micro-linux/core';
import { biosBootSectors } from '@micro-linux/provision';
import {
  BIOS_MODULES,
  BIOS_PREFIX,
  EFI_MODULES,
  EFI_PREFIX,
  embeddedConfig,
} from 'micro-linux/steps/grub/index';
import { GRUB_BIOS_DIRECTORY } from './tools.ts';

/** Files of a partition, by absolute path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Sizes and positions, in sectors: the project's partition numbers and names, but small. */
const BIOS = { start: 2048, sectors: 2048 };
const ESP = { start: 4096, sectors: (40 * MIB) / SECTOR_BYTES };
const SLOT_SECTORS = (8 * MIB) / SECTOR_BYTES;
const ROOT_A = { start: ESP.start + ESP.sectors, sectors: SLOT_SECTORS };
const ROOT_B = { start: ROOT_A.start + SLOT_SECTORS, sectors: SLOT_SECTORS };
const MEMDISK = (4 * MIB) / SECTOR_BYTES;
const READ_ONLY_DISK = (2 * MIB) / SECTOR_BYTES;
const DISK_BYTES = (ROOT_B.start + SLOT_SECTORS + 2048) * SECTOR_BYTES;

/** Contents of a test disk. */
export interface DiskContent {
  readonly esp: Files;
  /** A FAT disk inside core.img, GRUB's `(memdisk)`: it needs no BIOS calls, so it is fast. */
  readonly memdisk?: Files;
  /** A slot that is left out has an empty partition without a file system. */
  readonly slots: Readonly<Partial<Record<Slot, Files>>>;
}

/** Makes a disk image that boots real GRUB under BIOS and UEFI, as an ordinary user. */
export async function makeDisk(path: string, content: DiskContent): Promise<void> {
  const work = `${path}.work`;
  await mkdir(work, { recursive: true });
  await writeFile(path, '');
  await truncate(path, DISK_BYTES);
  const table = [
    [partitionSpec('bios'), BIOS],
    [partitionSpec('ESP'), ESP],
    [partitionSpec('rootA'), ROOT_A],
    [partitionSpec('rootB'), ROOT_B],
  ] as const;
  await run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', path], {
    input: [
      'label: gpt',
      ...table.map(
        ([spec, place]) =>
          `${spec.number}: start=${place.start}, size=${place.sectors}, type=${spec.type}, name=${spec.name}`,
      ),
      '',
    ].join('\n'),
  });

  const config = join(work, 'embedded.cfg');
  await writeFile(config, embeddedConfig());
  const core = join(work, 'core.img');
  const memdisk = join(work, 'memdisk.img');
  if (content.memdisk) {
    await writeFile(memdisk, await fatImage(join(work, 'memdisk'), content.memdisk, MEMDISK));
  }
  await run('grub-mkimage', [
    ...(content.memdisk ? [`--memdisk=${memdisk}`, 'memdisk', 'loopback'] : []),
    ...['--format=i386-pc', `--prefix=${BIOS_PREFIX}`, `--config=${config}`, `--output=${core}`],
    ...BIOS_MODULES,
  ]);
  const boot = biosBootSectors(
    await readFile(join(GRUB_BIOS_DIRECTORY, 'boot.img')),
    await readFile(core),
    BIOS.start,
    BIOS.sectors,
  );
  await writeAt(path, 0, boot.bootCode);
  await writeAt(path, BIOS.start, boot.core);

  const efi = join(work, 'BOOTX64.EFI');
  await run('grub-mkimage', [
    ...['--format=x86_64-efi', `--prefix=${EFI_PREFIX}`, `--config=${config}`, `--output=${efi}`],
    ...EFI_MODULES,
  ]);
  const esp = { '/EFI/BOOT/BOOTX64.EFI': await readFile(efi), ...content.esp };
  await writeAt(path, ESP.start, await fatImage(join(work, 'esp'), esp, ESP.sectors));
  for (const [slot, place] of [
    ['A', ROOT_A],
    ['B', ROOT_B],
  ] as const) {
    const files = content.slots[slot];
    if (files) {
      await writeAt(path, place.start, await ext4Image(join(work, slot), files));
    }
  }
  await rm(work, { recursive: true });
}

/** A bare FAT disk of 2 MiB, without a partition table. */
export function fatDisk(work: string, files: Files): Promise<Buffer> {
  return fatImage(work, files, READ_ONLY_DISK);
}

/** Reads a file of the ESP of a disk made by {@link makeDisk}. */
export async function readEspFile(disk: string, path: string): Promise<Buffer> {
  const out = `${disk}.read`;
  const at = `${disk}@@${ESP.start * SECTOR_BYTES}`;
  await run('mcopy', ['-n', '-o', '-i', at, `::${path}`, out], { env: { MTOOLS_SKIP_CHECK: '1' } });
  const bytes = await readFile(out);
  await rm(out);
  return bytes;
}

/** Overwrites a file of the ESP in place, as the agent does: it keeps its clusters. */
export async function overwriteEspFile(disk: string, path: string, bytes: Uint8Array) {
  const at = await findOnDisk(disk, await readEspFile(disk, path));
  await writeAt(disk, at, bytes);
}

/** Writes bytes at a sector. */
export async function writeAt(path: string, sector: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(bytes, 0, bytes.length, sector * SECTOR_BYTES);
  } finally {
    await file.close();
  }
}

async function findOnDisk(disk: string, bytes: Buffer): Promise<number> {
  const file = await open(disk, 'r');
  try {
    const esp = Buffer.alloc(ESP.sectors * SECTOR_BYTES);
    await file.read(esp, 0, esp.length, ESP.start * SECTOR_BYTES);
    const at = esp.indexOf(bytes);
    if (at < 0 || at % SECTOR_BYTES !== 0 || esp.indexOf(bytes, at + 1) >= 0) {
      throw new RangeError('the block is not exactly once on the ESP');
    }
    return ESP.start + at / SECTOR_BYTES;
  } finally {
    await file.close();
  }
}

async function fatImage(work: string, files: Files, sectors: number): Promise<Buffer> {
  const tree = `${work}.tree`;
  const image = `${work}.img`;
  await writeTree(tree, files);
  await writeFile(image, '');
  await truncate(image, sectors * SECTOR_BYTES);
  // The ESP as the builder makes a small one: FAT32 with one sector per cluster.
  const fat32 = sectors === ESP.sectors ? ['-F', '32', '-s', '1'] : ['-s', '1'];
  await run('mkfs.vfat', [...fat32, '-n', 'ESP', image]);
  const top = [...new Set(Object.keys(files).map((path) => path.split('/')[1] ?? ''))];
  await run('mcopy', ['-s', '-Q', '-i', image, ...top.map((name) => join(tree, name)), '::/'], {
    env: { MTOOLS_SKIP_CHECK: '1' },
  });
  const bytes = await readFile(image);
  await rm(tree, { recursive: true });
  await rm(image);
  return bytes;
}

async function ext4Image(work: string, files: Files): Promise<Buffer> {
  const tree = `${work}.tree`;
  const image = `${work}.img`;
  await mkdir(tree, { recursive: true });
  await writeTree(tree, files);
  await run('mke2fs', [
    '-q',
    '-t',
    'ext4',
    '-d',
    tree,
    image,
    `${(SLOT_SECTORS * SECTOR_BYTES) / 1024}k`,
  ]);
  const bytes = await readFile(image);
  await rm(tree, { recursive: true });
  await rm(image);
  return bytes;
}

async function writeTree(tree: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(tree, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}
