import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where GRUB's BIOS modules are installed. */
export const GRUB_BIOS_DIRECTORY = '/usr/lib/grub/i386-pc';

const PROGRAMS = ['qemu-system-x86_64', 'grub-mkimage', 'mkfs.vfat', 'mcopy', 'mke2fs', 'sfdisk'];

/** Why these tests cannot run on this machine; undefined when they can. */
export function missingTools(): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const missing = PROGRAMS.filter(
    (name) => !directories.some((directory) => existsSync(join(directory, name))),
  );
  if (!existsSync(join(GRUB_BIOS_DIRECTORY, 'boot.img'))) {
    missing.push(GRUB_BIOS_DIRECTORY);
  }
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}
