import { join } from 'node:path';
import { EspPath } from '@micro-linux/core';
import {
  derivedUuid,
  diskLayout,
  espBytesOn,
  type Identity,
  MediumPath,
  partitionUuid,
  placed,
  type SectorBytes,
} from '@micro-linux/provision';
import { seedStep } from '../autoinstall/make/seed-step.ts';
import { cloudInitFiles, cloudInitPackages } from '../cloud-init/cloud-init-files.ts';
import type { Config } from '../config/config.ts';
import { dataStep } from '../data/data-step.ts';
import { biosGrubStep } from '../disk/bios-grub-step.ts';
import { diskStep } from '../disk/disk-step.ts';
import { qcow2Step } from '../disk/qcow2-step.ts';
import { type EspFile, espStep } from '../esp/esp-step.ts';
import { factoryEnvFiles } from '../esp/factory-env.ts';
import {
  BIOS_MODULES,
  BIOS_PREFIX,
  embeddedConfig,
  grubConfig,
  grubStub,
  slotConfig,
} from '../grub/index.ts';
import { isoSteps } from '../iso/index.ts';
import type { Signer } from '../keys/signer.ts';
import type { MediumFile } from '../medium/medium-file.ts';
import { mediumStep } from '../medium/medium-step.ts';
import { digestOf } from '../plan/digest.ts';
import { type Placement, stepDirectory } from '../plan/step-directory.ts';
import type { Profile } from '../profiles/profile.ts';
import { liveFile } from '../remaster/live-file.ts';
import type { RootfsPlan } from '../rootfs/mmdebstrap-arguments.ts';
import { needsLocaleData, packageList } from '../rootfs/package-list.ts';
import { rootfsStep } from '../rootfs/rootfs-step.ts';
import { agentFiles } from '../slot/agent-files.ts';
import { agentStep } from '../slot/agent-step.ts';
import { kernelRelease } from '../slot/kernel-release.ts';
import { nodeStep } from '../slot/node-step.ts';
import { builtOverlay } from '../slot/slot-overlay.ts';
import { slotStep } from '../slot/slot-step.ts';
import { payloadStep } from '../update/payload-step.ts';
import { updateFacts } from '../update/update-facts.ts';
import { updateStep } from '../update/update-step.ts';
import type { BuildFacts } from './build-facts.ts';

/** Where GRUB's own files for BIOS lie on a Debian or Ubuntu host (package grub-pc-bin). */
const BIOS_GRUB_DIRECTORY = '/usr/lib/grub/i386-pc';

/** What {@link planBuild} is told beside config and facts. */
export interface PlanOptions extends Placement {
  readonly config: Config;
  readonly profile: Profile;
  readonly facts: BuildFacts;
  /** Directory below which mmdebstrap unpacks. */
  readonly temporaryDirectory: string;
  /** Gives the identity once a step that holds it runs; asks for nothing before. */
  readonly identity: () => Promise<Identity>;
  /** Tells the seed of this build from others. */
  readonly instanceId: string;
  /** Who signs update.img; undefined: nobody. */
  readonly signer: Signer | undefined;
  /** An update that was made of the same slot and signed elsewhere; media carry it then. */
  readonly signedUpdate?: string | undefined;
}

export type BuildPlan = ReturnType<typeof planBuild>;

/** All steps from config to the artifacts, with every path they will use. Pure: nothing is read or run. */
export function planBuild(options: PlanOptions) {
  const { config, profile, facts } = options;
  const epoch = facts.sourceDateEpoch;
  const layout = diskLayout(config.disk);

  const agent = agentStep(facts.root, facts.agentSourcesDigest);
  const node = nodeStep(facts.nodeBinary, facts.nodeDigest);
  const rootfs = rootfsStep({
    plan: rootfsPlan(config, profile, facts),
    early: facts.early,
    earlyDigest: facts.earlyDigest,
    keyringDigest: facts.keyringDigest,
    unwanted: config.packages.remove,
    mirrorAuth: config.mirrorAuth,
    sourceDateEpoch: epoch,
    temporaryDirectory: options.temporaryDirectory,
  });

  const grubSlotConfig = slotConfig({
    kernelArguments: config.kernel.arguments,
    consoles: config.console,
    sums: true,
  });
  const about = {
    schema: 1,
    profile: profile.name,
    version: config.version,
    compatible: config.compatible,
    rollbackIndex: config.update.rollbackIndex,
  } as const;
  const settings = [...agentFiles(config, facts.trust), ...cloudInitFiles(config, profile)];
  const buildId = digestOf([
    about,
    agent.inputs,
    node.inputs,
    rootfs.inputs,
    facts.overlayDigest,
    grubSlotConfig,
    settings,
    config.prune.paths,
    epoch,
  ]);

  const rootfsResult = rootfs.result(stepDirectory(rootfs, options));
  const slot = slotStep({
    rootfs: rootfsResult,
    overlay: [
      ...facts.overlay,
      ...builtOverlay({
        agent: agent.result(stepDirectory(agent, options)),
        node: node.result(stepDirectory(node, options)).node,
        grubSlotConfig,
        settings,
      }),
    ],
    info: { ...about, buildId },
    secureBoot: profile.secureBoot,
    prunePaths: config.prune.paths,
    sourceDateEpoch: epoch,
    root: facts.root,
  });
  const slotImage = slot.result(stepDirectory(slot, options));

  const payload = payloadStep({
    image: slotImage.image,
    digestFile: slotImage.digestFile,
    imageInputs: slot.inputs,
    level: config.update.compressionLevel,
  });
  const update = updateStep({
    payload: payload.result(stepDirectory(payload, options)),
    facts: async () =>
      updateFacts(config, { buildId, kernel: await kernelRelease(rootfsResult.facts) }),
    signer: options.signer,
    name: `micro-linux-${profile.name}.update.img`,
  });

  const espVolumeId = derivedUuid(buildId, 'esp').slice(0, 8);
  const espFor = (sectorBytes: SectorBytes) =>
    espStep({
      files: espFiles(config, profile, buildId),
      secureBoot: profile.secureBoot,
      bootPackages: rootfsResult.bootPackages,
      sizeBytes: espBytesOn(sectorBytes, config.disk.espBytes),
      sectorBytes,
      volumeId: espVolumeId,
      sourceDateEpoch: epoch,
    });
  const esp = espFor(512);
  const esp4k = espFor(4096);
  const data = dataStep({
    identity: options.identity,
    facts: rootfsResult.facts,
    slotHead: update.result(stepDirectory(update, options)).head,
    rollbackIndex: config.update.rollbackIndex,
    buildId,
    sourceDateEpoch: epoch,
    root: facts.root,
  });
  const biosGrub = biosGrubStep(
    {
      directory: BIOS_GRUB_DIRECTORY,
      modules: BIOS_MODULES,
      prefix: BIOS_PREFIX,
      config: embeddedConfig(),
    },
    placed(layout, 'bios'),
  );
  const espImage = (step: typeof esp) => step.result(stepDirectory(step, options)).image;
  const is4k = config.disk.sectorBytes === 4096;
  const disk = diskStep({
    layout,
    sizeBytes: config.disk.sizeBytes,
    sectorBytes: config.disk.sectorBytes,
    buildId,
    esp: is4k ? espImage(esp4k) : espImage(esp),
    rootA: slotImage.image,
    data: data.result(stepDirectory(data, options)).image,
    biosGrub: is4k ? undefined : biosGrub.result(stepDirectory(biosGrub, options)),
  });
  const qcow2 = qcow2Step(
    disk.result(stepDirectory(disk, options)).image,
    `micro-linux-${profile.name}.qcow2`,
  );
  const seed = seedStep({
    config,
    identity: options.identity,
    instanceId: options.instanceId,
  });
  const seedFiles = seed.result(stepDirectory(seed, options));
  const mediumOf = (others: readonly MediumFile[]) =>
    mediumStep({
      about: {
        compatible: config.compatible,
        version: config.version,
        profile: profile.name,
        buildId,
        disk: { espBytes: config.disk.espBytes, slotBytes: config.disk.slotBytes },
      },
      update: options.signedUpdate ?? update.result(stepDirectory(update, options)).update,
      esp: espImage(esp),
      esp4k: espImage(esp4k),
      biosGrub: biosGrub.result(stepDirectory(biosGrub, options)),
      seed: seedFiles,
      others,
      keys: facts.trust.keys,
      signer: options.signer,
    });
  const iso = isoSteps({
    ...options,
    buildId,
    rootfs: rootfsResult,
    slotImage: slotImage.image,
    slotInputs: slot.inputs,
    mediumOf,
    seed: seedFiles,
    espVolumeId,
    biosGrubDirectory: BIOS_GRUB_DIRECTORY,
    sourceDateEpoch: epoch,
  });
  return {
    buildId,
    layout,
    rootfsFacts: rootfsResult.facts,
    steps: {
      agent,
      node,
      rootfs,
      slot,
      payload,
      update,
      esp,
      esp4k,
      biosGrub,
      data,
      disk,
      qcow2,
      seed,
      ...iso,
    },
    /** In place of `medium` where the ISO is Ubuntu's own. */
    remasterMedium: mediumOf([
      { path: MediumPath.program, file: liveFile('install') },
      { path: MediumPath.node, file: node.result(stepDirectory(node, options)).node },
      { path: MediumPath.agent, file: agent.result(stepDirectory(agent, options)).bundle },
    ]),
    slotImage,
  };
}

/** The part of a plan that mmdebstrap carries out. */
export function rootfsPlan(config: Config, profile: Profile, facts: BuildFacts): RootfsPlan {
  return {
    profile,
    mirror: config.mirror,
    keyring: facts.keyring,
    packages: packageList(profile, {
      add: [...config.packages.add, ...cloudInitPackages(config)],
      remove: config.packages.remove,
      kernelPackage: config.kernel.package,
      timezone: config.timezone,
      locale: config.locale,
    }),
    prune: config.prune,
    locale: needsLocaleData(config.locale) ? config.locale : undefined,
  };
}

function espFiles(config: Config, profile: Profile, buildId: string): readonly EspFile[] {
  return [
    {
      path: join(profile.secureBoot.grubConfigDirectory, 'grub.cfg'),
      content: grubStub(),
    },
    {
      path: EspPath.grubConfig,
      content: grubConfig({
        title: profile.title,
        partUuids: { A: partitionUuid(buildId, 'rootA'), B: partitionUuid(buildId, 'rootB') },
        consoles: config.console,
        timeoutSeconds: config.boot.timeoutSeconds,
        bootCounter: config.boot.counter,
      }),
    },
    ...factoryEnvFiles(config.boot.counter),
  ];
}
