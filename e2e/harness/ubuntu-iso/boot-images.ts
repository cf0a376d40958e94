import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';

const GRUB = '/usr/lib/grub';

/** What boots an ISO, beside the files in its tree. */
export interface BootImages {
  /** First sectors of the medium: boots a stick by BIOS. */
  readonly hybrid: string;
  /** The EFI system partition, to be appended. */
  readonly esp: string;
}

/** Bytes; that of the official ISO is about as large. */
const ESP_BYTES = 5 * 1024 * 1024;

/**
 * Makes GRUB for both firmwares, unsigned, in the places where the official ISO has it: in the tree
 * for BIOS (El Torito), in an EFI system partition and again in the tree for UEFI.
 */
export async function makeBootImages(
  tree: string,
  scratch: string,
  run: Runner,
): Promise<BootImages> {
  const bios = join(tree, 'boot/grub/i386-pc');
  const efi = join(tree, 'EFI/boot');
  await mkdir(bios, { recursive: true });
  await mkdir(efi, { recursive: true });
  await run('grub-mkimage', [
    '--format=i386-pc-eltorito',
    '--prefix=/boot/grub',
    `--output=${join(bios, 'eltorito.img')}`,
    ...['biosdisk', 'iso9660', ...MENU_MODULES],
  ]);
  const start = join(scratch, 'efi.cfg');
  await writeFile(start, 'search --file --set=root /.disk/info\nset prefix=($root)/boot/grub\n');
  const program = join(scratch, 'grub.efi');
  await run('grub-mkimage', [
    '--format=x86_64-efi',
    '--prefix=/boot/grub',
    `--config=${start}`,
    `--output=${program}`,
    ...['part_gpt', 'fat', 'iso9660', 'search', 'search_fs_file', ...MENU_MODULES],
  ]);
  const programs = ['bootx64.efi', 'grubx64.efi', 'mmx64.efi'];
  for (const name of programs) {
    await copyFile(program, join(efi, name));
  }
  const esp = join(scratch, 'esp.img');
  await run('truncate', ['-s', String(ESP_BYTES), esp]);
  await run('mkfs.vfat', ['--invariant', '-n', 'ESP', esp]);
  await run('mmd', ['-i', esp, '::/EFI', '::/EFI/boot']);
  await run('mcopy', ['-i', esp, join(efi, 'bootx64.efi'), '::/EFI/boot/bootx64.efi']);
  return { hybrid: join(GRUB, 'i386-pc/boot_hybrid.img'), esp };
}

/** What the menu of an ISO asks of GRUB. */
const MENU_MODULES = ['normal', 'configfile', 'linux', 'test', 'echo', 'font', 'terminal', 'ls'];
