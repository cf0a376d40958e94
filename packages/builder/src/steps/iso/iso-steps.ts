import { join } from 'node:path';
import { SlotPath } from '@micro-linux/core';
import { derivedUuid, MediumPath } from '@micro-linux/provision';
import type { SeedFiles } from '../../autoinstall/make/seed-step.ts';
import type { Config } from '../../config/config.ts';
import { moduleArguments } from '../../config/kernel-settings.ts';
import type { Step } from '../../plan/step.ts';
import { type Placement, stepResult } from '../../plan/step-directory.ts';
import type { Profile } from '../../profiles/profile.ts';
import type { MediumFile } from '../medium/medium-file.ts';
import type { Rootfs } from '../rootfs/rootfs-step.ts';
import { isoBiosStep } from './iso-bios-step.ts';
import { MENU_PATH } from './iso-menu.ts';
import { isoMenuStep } from './iso-menu-step.ts';
import { isoStep } from './iso-step.ts';
import { isoUefiStep } from './iso-uefi-step.ts';
import { liveRootStep } from './live-root-step.ts';
import { mediumUuid } from './medium-uuid.ts';

export interface IsoStepsOptions extends Placement {
  readonly config: Config;
  readonly profile: Profile;
  readonly buildId: string;
  readonly rootfs: Rootfs;
  readonly slotImage: string;
  /** The steps that make root file system, slot image and seed. */
  readonly steps: {
    readonly rootfs: Step<unknown>;
    readonly slot: Step<unknown>;
    readonly seed: Step<unknown>;
  };
  /**
   * Makes the step of the installer's files; gets the other files of the ISO and the steps that
   * make them.
   */
  readonly mediumOf: (
    others: readonly MediumFile[],
    needs: readonly Step<unknown>[],
  ) => Step<readonly MediumFile[]>;
  readonly seed: SeedFiles;
  /** Volume id of the installed ESP, 8 hex digits. */
  readonly espVolumeId: string;
  /** GRUB's files for BIOS: e.g. /usr/lib/grub/i386-pc. */
  readonly biosGrubDirectory: string;
  readonly sourceDateEpoch: number;
  /** What the artifacts are called, without suffix. */
  readonly name: string;
}

/** The steps that make an ISO, in order; before them: slot, ESP, update and seed. Pure. */
export function isoSteps(options: IsoStepsOptions) {
  const { config, profile, buildId, sourceDateEpoch, espVolumeId } = options;
  const uuid = mediumUuid(buildId, sourceDateEpoch);
  const liveRoot = liveRootStep({
    image: options.slotImage,
    slot: options.steps.slot,
    sourceDateEpoch,
  });
  const isoBios = isoBiosStep(options.biosGrubDirectory);
  const isoUefi = isoUefiStep({
    secureBoot: profile.secureBoot,
    bootPackages: options.rootfs.bootPackages,
    uuid: uuid.uuid,
    volumeId: derivedUuid(buildId, 'iso-esp').slice(0, 8),
    sourceDateEpoch,
    rootfs: options.steps.rootfs,
  });
  const isoMenu = isoMenuStep({
    uuid: uuid.uuid,
    title: `${profile.title} ${config.version}`,
    keepsData: config.install.preserveData,
    espUuid: `${espVolumeId.slice(0, 4)}-${espVolumeId.slice(4)}`.toUpperCase(),
    consoles: config.console,
    kernelArguments: [...config.kernel.arguments, ...moduleArguments(config.modules)],
    countdownSeconds: config.install.countdownSeconds,
  });
  const uefi = stepResult(isoUefi, options);
  const live: readonly MediumFile[] = [
    { path: MENU_PATH, file: stepResult(isoMenu, options).menu },
    { path: MediumPath.liveKernel, file: join(options.rootfs.facts, SlotPath.kernel) },
    { path: MediumPath.liveInitrd, file: join(options.rootfs.facts, SlotPath.initrd) },
    { path: MediumPath.liveRoot, file: stepResult(liveRoot, options).file },
  ];
  const behindLive = [options.steps.rootfs, isoMenu, liveRoot, isoUefi];
  const medium = options.mediumOf(
    [...live, { path: '/EFI', file: join(uefi.tree, 'EFI') }],
    behindLive,
  );
  const iso = isoStep({
    uuid,
    buildId,
    medium: stepResult(medium, options),
    seed: options.seed,
    live,
    bios: stepResult(isoBios, options).image,
    uefi,
    hybrid: `${options.biosGrubDirectory}/boot_hybrid.img`,
    volumeId: volumeId(config),
    sourceDateEpoch,
    name: `${options.name}.iso`,
    needs: [...behindLive, isoBios, options.steps.seed, medium],
  });
  return { liveRoot, isoMenu, isoBios, isoUefi, medium, iso };
}

/** As shown by a file manager; ISO 9660 allows 32 characters of a small set. */
export function volumeId({ profile, version }: Pick<Config, 'profile' | 'version'>): string {
  return `ML_${profile}_${version}`
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]/g, '_')
    .slice(0, 32);
}
