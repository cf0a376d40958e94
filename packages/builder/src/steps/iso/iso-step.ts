import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { derivedUuid, MediumPath } from '@micro-linux/provision';
import type { SeedFiles } from '../../autoinstall/make/seed-step.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { makePrivateFile } from '../../plan/private-file.ts';
import type { Step } from '../../plan/step.ts';
import type { MediumFile } from '../medium/medium-file.ts';
import type { IsoUefi } from './iso-uefi-step.ts';
import type { MediumUuid } from './medium-uuid.ts';
import { ELTORITO_PATH, type IsoEntry, xorrisoArguments } from './xorriso-arguments.ts';

export interface IsoStepOptions {
  readonly uuid: MediumUuid;
  readonly buildId: string;
  /** What `ota-agent install` reads; links are followed. */
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
  /** The steps that make its contents. */
  readonly needs: readonly Step<unknown>[];
}

/** Writes the ISO. Never cached: it contains a secret. */
export function isoStep(options: IsoStepOptions): Step<{ readonly iso: string }> {
  const result = (directory: string) => ({ iso: join(directory, options.name) });
  const call = (from: Pick<IsoStepOptions, 'live' | 'medium'>, output: string) =>
    xorrisoArguments({
      entries: entries({ ...options, ...from }),
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
    code: [ownPath(import.meta.filename)],
    needs: options.needs,
    inputs: {
      uuid: options.uuid,
      buildId: options.buildId,
      hybrid: options.hybrid,
      volumeId: options.volumeId,
      epoch: options.sourceDateEpoch,
      name: options.name,
    },
    cached: false,
    describe: (directory) => [commandLine('xorriso', call(options, result(directory).iso))],
    async run(context) {
      const live = await withoutLinks(options.live);
      const medium = await withoutLinks(options.medium);
      const { iso } = result(context.outputDirectory);
      // The seed on it contains the hash of a password.
      await makePrivateFile(iso);
      await context.run('xorriso', call({ live, medium }, iso), {
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

/** xorriso would copy the link itself to the ISO. */
async function withoutLinks(files: readonly MediumFile[]): Promise<readonly MediumFile[]> {
  return await Promise.all(
    files.map(async ({ path, file }) => ({ path, file: await realpath(file) })),
  );
}

function entries(options: IsoStepOptions): readonly IsoEntry[] {
  const { seed, uefi } = options;
  return [
    { path: ELTORITO_PATH, file: options.bios },
    { path: '/EFI', file: join(uefi.tree, 'EFI') },
    { path: MediumPath.seed, file: seed.autoinstall },
    { path: MediumPath.userData, file: seed.userData },
    { path: MediumPath.metaData, file: seed.metaData },
    ...options.live,
    ...options.medium,
  ];
}
