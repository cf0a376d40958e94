import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOOT_PROGRAM_FOLDER, BOOT_PROGRAMS, EspPath, MIB } from '@micro-linux/core';

/** FAT32 needs 65,525 clusters: with one sector each, this is about the smallest file system. */
const ESP_BYTES = 40 * MIB;

/** Contents of the three programs, in the order of BOOT_PROGRAMS. */
export type ProgramSet = readonly [Buffer, Buffer, Buffer];

/** Bytes of a program that differ from those of any other name. */
export function programBytes(name: string, length: number): Buffer {
  return Buffer.alloc(length, `${name} `);
}

/** Makes an ESP as the builder does, with mkfs.vfat and mcopy. */
export function makeEsp(directory: string, programs: ProgramSet, spare: ProgramSet): string {
  const tree = join(directory, 'tree');
  const folder = join(tree, BOOT_PROGRAM_FOLDER);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(tree, 'grub'));
  writeFileSync(join(tree, EspPath.env), Buffer.alloc(1024, '#'));
  for (const [index, program] of BOOT_PROGRAMS.entries()) {
    writeFileSync(join(folder, program.name), programs[index] ?? '');
    writeFileSync(join(folder, program.spare), spare[index] ?? '');
  }
  const image = join(directory, 'esp.img');
  execFileSync('truncate', ['-s', String(ESP_BYTES), image]);
  execFileSync('mkfs.vfat', ['--invariant', '-F', '32', '-s', '1', image]);
  execFileSync('mcopy', ['-s', '-Q', '-i', image, join(tree, 'EFI'), join(tree, 'grub'), '::/']);
  return image;
}

/** What mtools, an independent implementation, finds under a name in the programs' folder. */
export function readEspFile(image: string, name: string, folder = BOOT_PROGRAM_FOLDER): Buffer {
  return execFileSync('mcopy', ['-n', '-i', image, `::${folder}/${name}`, '-'], {
    maxBuffer: ESP_BYTES,
    env: { ...process.env, MTOOLS_SKIP_CHECK: '1' },
  });
}

/** The problems that fsck.vfat reports; empty when it finds none. */
export function espFaults(image: string): string {
  try {
    execFileSync('fsck.vfat', ['-n', image], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}
