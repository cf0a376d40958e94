import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { derivedUuid, MediumPath } from '@micro-linux/provision';
import type { SeedFiles } from '../autoinstall/make/seed-step.ts';
import type { MediumFile } from '../medium/medium-file.ts';
import { makePrivateFile } from '../plan/private-file.ts';
import type { Step } from '../plan/step.ts';
import type { IsoUefi } from './iso-uefi-step.ts';
import type { MediumUuid } from './medium-uuid.ts';
import { ELTORITO_PATH, type IsoEntry, xorrisoArguments } from './xorriso-arguments.ts';

export interface IsoStepOptions {
  readonly uuid: MediumUuid;
  readonly buildId: string;
  /** What `ota-agent install` reads. */
  readonly medium: readonly MediumFile[];
  readonly seed: SeedFiles;
  /** The live system and GRUB's menu; links are followed. */
  readonly live: readonly MediumFile[];
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
  const call = (live: readonly MediumFile[], output: string) =>
    xorrisoArguments({
      entries: entries(options, live),
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
    describe: () => [commandLine('xorriso', call(options.live, options.name))],
    async run(context) {
      const live = await Promise.all(
        options.live.map(async ({ path, file }) => ({ path, file: await realpath(file) })),
      );
      const { iso } = result(context.outputDirectory);
      // The seed on it holds the hash of a password.
      await makePrivateFile(iso);
      await context.run('xorriso', call(live, iso), {
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

function entries(options: IsoStepOptions, live: readonly MediumFile[]): readonly IsoEntry[] {
  const { seed, uefi } = options;
  return [
    { path: ELTORITO_PATH, file: options.bios },
    { path: '/EFI', file: join(uefi.tree, 'EFI') },
    { path: MediumPath.seed, file: seed.autoinstall },
    { path: MediumPath.userData, file: seed.userData },
    { path: MediumPath.metaData, file: seed.metaData },
    ...live,
    ...options.medium,
  ];
}
