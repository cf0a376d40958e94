import { readFile, writeFile } from 'node:fs/promises';
import { biosBootSectors } from '@micro-linux/provision';
import { moduleCommand } from '../../plan/module-command.ts';

export interface PatchOptions {
  /** GRUB's boot.img, and the image from grub-mkimage. */
  readonly boot: string;
  readonly image: string;
  /** First sector of the BIOS boot partition, and its length in sectors. */
  readonly start: number;
  readonly sectors: number;
  /** The files to write. */
  readonly bootCode: string;
  readonly core: string;
}

/** Prepares GRUB for a partition at a fixed place, as grub-install does. */
export async function patchBiosGrub(options: PatchOptions): Promise<void> {
  const { bootCode, core } = biosBootSectors(
    await readFile(options.boot),
    await readFile(options.image),
    options.start,
    options.sectors,
  );
  await writeFile(options.bootCode, bootCode);
  await writeFile(options.core, core);
}

/** The command that does what {@link patchBiosGrub} does. */
export function patchCommand(options: PatchOptions): string {
  const { boot, image, start, sectors, bootCode, core } = options;
  return moduleCommand(import.meta.filename, [boot, image, start, sectors, bootCode, core]);
}

if (import.meta.main) {
  const [boot = '', image = '', start, sectors, bootCode = '', core = ''] = process.argv.slice(2);
  const place = { start: Number(start), sectors: Number(sectors) };
  await patchBiosGrub({ boot, image, ...place, bootCode, core });
}
