import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import { type IsoMenuOptions, isoMenu } from './iso-menu.ts';

/** Writes GRUB's menu of an ISO. */
export function isoMenuStep(options: IsoMenuOptions): Step<{ readonly menu: string }> {
  const result = (directory: string) => ({ menu: join(directory, 'grub.cfg') });
  return {
    id: 'iso-menu',
    title: "GRUB's menu of the ISO",
    code: [ownPath(import.meta.filename)],
    needs: [],
    inputs: options,
    cached: false,
    describe: (directory) => [writeCommand(result(directory).menu, isoMenu(options))],
    async run({ outputDirectory }) {
      await writeFile(result(outputDirectory).menu, isoMenu(options));
    },
    result,
  };
}
