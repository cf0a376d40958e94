import { realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, SlotPath } from '@micro-linux/core';
import { derivedUuid, MediumPath } from '@micro-linux/provision';
import type { SeedFiles } from '../autoinstall/make/seed-step.ts';
import type { MediumFile } from '../medium/medium-file.ts';
import { makePrivateFile } from '../plan/private-file.ts';
import type { Step } from '../plan/step.ts';
import { type IsoMenuOptions, isoMenu, MENU_PATH } from './iso-menu.ts';
import type { IsoUefi } from './iso-uefi-step.ts';
import type { MediumUuid } from './medium-uuid.ts';
import { ELTORITO_PATH, type IsoEntry, xorrisoArguments } from './xorriso-arguments.ts';

export interface IsoStepOptions {
  readonly menu: Omit<IsoMenuOptions, 'uuid'>;
  readonly uuid: MediumUuid;
  readonly buildId: string;
  /** What `ota-agent install` reads. */
  readonly medium: readonly MediumFile[];
  readonly seed: SeedFiles;
  /** The slot in a squashfs. */
  readonly liveRoot: string;
  /** Directory with the slot's /boot. */
  readonly facts: string;
  /** El Torito's image for BIOS. */
  readonly bios: string;
  readonly uefi: IsoUefi;
  readonly hybrid: string;
  readonly volumeId: string;
  readonly sourceDateEpoch: number;
  /** File name. */
  readonly name: string;
}

/** Writes the ISO. Never cached: it holds a secret. */
export function isoStep(options: IsoStepOptions): Step<{ readonly iso: string }> {
  const result = (directory: string) => ({ iso: join(directory, options.name) });
  const call = (kernel: string, initrd: string, menu: string, output: string) =>
    xorrisoArguments({
      entries: entries(options, kernel, initrd, menu),
      volumeId: options.volumeId,
      uuidDigits: options.uuid.digits,
      diskGuid: derivedUuid(options.buildId, 'iso-disk'),
      hybrid: options.hybrid,
      efi: options.uefi.image,
      sourceDateEpoch: options.sourceDateEpoch,
      output,
    });
  return {
    id: 'iso',
    title: 'ISO (BIOS and UEFI, DVD and stick)',
    inputs: undefined,
    describe: () => [
      commandLine(
        'xorriso',
        call(
          join(options.facts, SlotPath.kernel),
          join(options.facts, SlotPath.initrd),
          'grub.cfg',
          options.name,
        ),
      ),
    ],
    async run(context) {
      const menu = join(context.outputDirectory, 'grub.cfg');
      await writeFile(menu, isoMenu({ ...options.menu, uuid: options.uuid.uuid }));
      const kernel = await realpath(join(options.facts, SlotPath.kernel));
      const initrd = await realpath(join(options.facts, SlotPath.initrd));
      const { iso } = result(context.outputDirectory);
      // The seed on it holds the hash of a password.
      await makePrivateFile(iso);
      await context.run('xorriso', call(kernel, initrd, menu, iso), {
        signal: context.signal,
        logFile: context.logFile,
        onLine: (line) => {
          const percent = /([\d.]+)% done/.exec(line)?.[1];
          if (percent !== undefined) {
            context.progress({ message: 'writing', fraction: Number(percent) / 100 });
          }
        },
      });
    },
    result,
  };
}

function entries(
  options: IsoStepOptions,
  kernel: string,
  initrd: string,
  menu: string,
): readonly IsoEntry[] {
  const { seed, uefi } = options;
  return [
    { path: MENU_PATH, file: menu },
    { path: ELTORITO_PATH, file: options.bios },
    { path: '/EFI', file: join(uefi.tree, 'EFI') },
    { path: MediumPath.seed, file: seed.autoinstall },
    { path: MediumPath.userData, file: seed.userData },
    { path: MediumPath.metaData, file: seed.metaData },
    { path: MediumPath.liveKernel, file: kernel },
    { path: MediumPath.liveInitrd, file: initrd },
    { path: MediumPath.liveRoot, file: options.liveRoot },
    ...options.medium,
  ];
}
