import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import { ISO_MODULES } from '../grub/modules.ts';
import { isoEmbeddedConfig } from './iso-menu.ts';

/** Makes the BIOS boot image for El Torito (DVD) and for the first sectors (USB stick). */
export function isoBiosStep(directory: string): Step<{ readonly image: string }> {
  const args = (config: string, output: string) => [
    `--directory=${directory}`,
    '--format=i386-pc-eltorito',
    '--prefix=/boot/grub',
    `--config=${config}`,
    `--output=${output}`,
    ...ISO_MODULES,
  ];
  const files = (output: string) => ({
    config: join(output, 'iso.cfg'),
    image: join(output, 'eltorito.img'),
  });
  return {
    id: 'iso-bios',
    title: 'GRUB of the ISO for BIOS',
    code: [ownPath(import.meta.filename)],
    needs: [],
    inputs: { directory },
    cached: false,
    describe: (output) => {
      const { config, image } = files(output);
      return [
        writeCommand(config, isoEmbeddedConfig()),
        commandLine('grub-mkimage', args(config, image)),
      ];
    },
    async run({ run, outputDirectory, signal, logFile }) {
      const { config, image } = files(outputDirectory);
      await writeFile(config, isoEmbeddedConfig());
      await run('grub-mkimage', args(config, image), { signal, logFile });
    },
    result: (output) => ({ image: files(output).image }),
  };
}
