import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { ISO_MODULES } from '../grub/index.ts';
import type { Step } from '../plan/step.ts';
import { isoEmbeddedConfig } from './iso-menu.ts';

/** Makes the image that El Torito (a DVD) and the first sectors (a stick) start by BIOS. */
export function isoBiosStep(directory: string): Step<{ readonly image: string }> {
  const args = (config: string, output: string) => [
    `--directory=${directory}`,
    '--format=i386-pc-eltorito',
    '--prefix=/boot/grub',
    `--config=${config}`,
    `--output=${output}`,
    ...ISO_MODULES,
  ];
  return {
    id: 'iso-bios',
    title: 'GRUB of the ISO for BIOS',
    inputs: undefined,
    describe: () => [commandLine('grub-mkimage', args('iso.cfg', 'eltorito.img'))],
    async run({ run, outputDirectory, signal, logFile }) {
      const config = join(outputDirectory, 'iso.cfg');
      await writeFile(config, isoEmbeddedConfig());
      await run('grub-mkimage', args(config, join(outputDirectory, 'eltorito.img')), {
        signal,
        logFile,
      });
    },
    result: (output) => ({ image: join(output, 'eltorito.img') }),
  };
}
