import {
  derivedUuid,
  diskLayout,
  espBytesOn,
  type Identity,
  MediumPath,
  placed,
  type SectorBytes,
  withoutSecrets,
} from '@micro-linux/provision';
import { seedStep } from '../autoinstall/make/seed-step.ts';
import type { Config } from '../config/config.ts';
import { identityOf } from '../config/identity/identity-of.ts';
import { moduleArguments } from '../config/kernel-settings.ts';
import { nowhere, type WhereIs } from '../config/where-is.ts';
import type { Signer } from '../keys/signer.ts';
import type { StepCode } from '../plan/code/code-digest.ts';
import { ownPath } from '../plan/code/own-path.ts';
import type { Step } from '../plan/step.ts';
import { type Placement, stepResult } from '../plan/step-directory.ts';
import { stepKeys } from '../plan/step-key.ts';
import { filesSummary } from '../product/files.ts';
import { productOf } from '../product/index.ts';
import type { Profile } from '../profiles/profile.ts';
import type { BuildFacts } from './build-facts.ts';
import { dataStep } from './data/data-step.ts';
import { biosGrubStep } from './disk/bios-grub-step.ts';
import { diskStep } from './disk/disk-step.ts';
import { espFiles } from './esp/esp-files.ts';
import { espStep } from './esp/esp-step.ts';
import { BIOS_MODULES, BIOS_PREFIX, embeddedConfig, slotConfig } from './grub/index.ts';
import { isoSteps } from './iso/index.ts';
import { liveFile } from './live-system/live-file.ts';
import type { MediumFile } from './medium/medium-file.ts';
import { mediumStep } from './medium/medium-step.ts';
import { keyOfEntries } from './named-files.ts';
import { imageHooks } from './product-root/image-hooks.ts';
import { productRootStep } from './product-root/product-root-step.ts';
import { productSummary } from './product-root/product-summary.ts';
import { withPreflight } from './rootfs/preflight.ts';
import { keptRepositories } from './rootfs/repositories.ts';
import { rootfsPlan } from './rootfs/rootfs-plan.ts';
import { type Rootfs, rootfsStep } from './rootfs/rootfs-step.ts';
import { agentFiles } from './slot/agent-files.ts';
import { agentStep } from './slot/agent-step.ts';
import { kernelRelease } from './slot/kernel-release.ts';
import { nodeStep } from './slot/node-step.ts';
import { builtOverlay } from './slot/slot-overlay.ts';
import { type SlotImage, slotStep } from './slot/slot-step.ts';
import { treeActions } from './slot/tree-actions.ts';
import { payloadStep } from './update/payload-step.ts';
import { updateFacts } from './update/update-facts.ts';
import { updateStep } from './update/update-step.ts';

/** GRUB's files for BIOS on a Debian or Ubuntu host (package grub-pc-bin). */
const BIOS_GRUB_DIRECTORY = '/usr/lib/grub/i386-pc';

/** Inputs of {@link planBuild} in addition to config and facts. */
export interface PlanOptions extends Omit<Placement, 'keyOf'> {
  readonly config: Config;
  readonly profile: Profile;
  /** Where a value of the config was set, for errors of the steps. */
  readonly whereIs?: WhereIs;
  readonly facts: BuildFacts;
  /** Directory below which mmdebstrap unpacks. */
  readonly temporaryDirectory: string;
  /** Returns the identity; called only when a step that contains it runs. */
  readonly identity: () => Promise<Identity>;
  /** Distinguishes the seed of this build from others. */
  readonly instanceId: string;
  /** The signer of update.img; undefined: none. */
  readonly signer: Signer | undefined;
  /** Fetch nothing. */
  readonly offline?: boolean;
  /** What the artifacts are called, without suffix. */
  readonly name: string;
}

export type BuildPlan = ReturnType<typeof planBuild>;

/** All steps from config to the artifacts, with all paths. Pure: reads and runs nothing. */
export function planBuild(options: PlanOptions) {
  const { config, profile, facts } = options;
  const placement: Placement = { ...options, keyOf: stepKeys(facts.codeOf) };
  const resultOf = <Result>(step: Step<Result>) => stepResult(step, placement);
  const epoch = facts.sourceDateEpoch;
  const layout = diskLayout(config.disk);
  const product = productOf(config, profile);

  const agent = agentStep({ ...facts, bundleDigest: facts.agentBundleDigest });
  const node = nodeStep(facts.nodeBinary, facts.nodeDigest);
  const rootPlan = rootfsPlan(config, profile, facts);
  const plainRootfs = rootfsStep({
    plan: rootPlan,
    early: facts.early,
    earlyDigest: facts.earlyDigest,
    keyringDigest: facts.keyringDigest,
    unwanted: config.packages.remove,
    whereIs: options.whereIs ?? nowhere,
    local: facts.local,
    mirrorAuth: config.mirrorAuth,
    sourceDateEpoch: epoch,
    temporaryDirectory: options.temporaryDirectory,
  });
  const rootfs = withPreflight(plainRootfs, config, rootPlan.profile, options.offline === true);
  const hookBuild = {
    profile: profile.name,
    version: config.version,
    compatible: config.compatible,
    sourceDateEpoch: epoch,
  };
  const productRoot =
    facts.local.length + facts.hooks.rootfs.length === 0
      ? undefined
      : productRootStep({
          plan: rootPlan,
          base: resultOf(rootfs),
          rootfs,
          local: facts.local,
          hooks: facts.hooks.rootfs,
          build: hookBuild,
          unwanted: config.packages.remove,
          mirrorAuth: config.mirrorAuth,
          offline: options.offline === true,
          temporaryDirectory: options.temporaryDirectory,
        });
  /** The root file system of the image. */
  const root: Step<Rootfs> = productRoot ?? rootfs;

  const grubSlotConfig = slotConfig({
    kernelArguments: [...config.kernel.arguments, ...moduleArguments(config.modules)],
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
  const settings = [
    ...agentFiles(config, facts.trust),
    ...keptRepositories(facts.repositories),
    ...product.entries,
  ];

  const rootfsResult = resultOf(root);
  const slot: Step<SlotImage> = slotStep({
    rootfs: rootfsResult,
    overlay: [
      ...facts.overlay,
      ...builtOverlay({
        agent: resultOf(agent),
        node: resultOf(node).node,
        grubSlotConfig,
        settings,
      }),
    ],
    overlayInputs: [facts.overlayDigest, grubSlotConfig, keyOfEntries(settings, facts.named)],
    files: facts.files,
    actions: treeActions(config, product, options.whereIs ?? nowhere),
    info: about,
    buildId: () => buildId,
    needs: [agent, node, root],
    secureBoot: profile.secureBoot,
    prunePaths: config.prune.paths,
    accounts: config,
    hooks: imageHooks({
      plan: rootPlan,
      hooks: facts.hooks.image,
      build: hookBuild,
      temporaryDirectory: options.temporaryDirectory,
    }),
    sourceDateEpoch: epoch,
    root: facts.root,
  });
  const buildId = placement.keyOf(slot);
  const slotImage = resultOf(slot);

  const payload = payloadStep({
    image: slotImage.image,
    digestFile: slotImage.digestFile,
    slot,
    level: config.update.compressionLevel,
  });
  const update = updateStep({
    payload: resultOf(payload),
    facts: async () =>
      updateFacts(config, { buildId, kernel: await kernelRelease(rootfsResult.facts) }),
    known: updateFacts(config, { buildId, kernel: '' }),
    needs: [root, payload],
    signer: options.signer,
    name: `${options.name}.update.img`,
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
      rootfs,
    });
  const esp = espFor(512);
  const esp4k = espFor(4096);
  const data = dataStep({
    identity: options.identity,
    identityInputs: [
      identityOf({ ...config, network: withoutSecrets(config.network) }, undefined),
      config.user.password.kind,
    ],
    facts: rootfsResult.facts,
    accounts: config,
    slotHead: resultOf(update).head,
    rollbackIndex: config.update.rollbackIndex,
    buildId,
    sourceDateEpoch: epoch,
    root: facts.root,
    needs: [root, update],
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
  const is4k = config.disk.sectorBytes === 4096;
  const disk = diskStep({
    layout,
    sizeBytes: config.disk.sizeBytes,
    sectorBytes: config.disk.sectorBytes,
    buildId,
    esp: resultOf(is4k ? esp4k : esp).image,
    rootA: slotImage.image,
    data: resultOf(data).image,
    biosGrub: is4k ? undefined : resultOf(biosGrub),
    needs: [is4k ? esp4k : esp, slot, data, ...(is4k ? [] : [biosGrub])],
  });
  const seed = seedStep({
    config,
    identity: options.identity,
    instanceId: options.instanceId,
  });
  const seedFiles = resultOf(seed);
  const mediumOf = (
    others: readonly MediumFile[],
    needs: readonly Step<unknown>[],
    sources: StepCode = [],
  ) =>
    mediumStep({
      about: {
        compatible: config.compatible,
        version: config.version,
        profile: profile.name,
        buildId,
        disk: { espBytes: config.disk.espBytes, slotBytes: config.disk.slotBytes },
      },
      update: resultOf(update).update,
      esp: resultOf(esp).image,
      esp4k: resultOf(esp4k).image,
      biosGrub: resultOf(biosGrub),
      seed: seedFiles,
      others,
      keys: facts.trust.keys,
      signer: options.signer,
      needs: [update, esp, esp4k, biosGrub, seed, ...needs],
      sources,
    });
  const iso = isoSteps({
    ...placement,
    config,
    profile,
    buildId,
    rootfs: rootfsResult,
    slotImage: slotImage.image,
    steps: { rootfs, slot, seed },
    mediumOf,
    seed: seedFiles,
    espVolumeId,
    biosGrubDirectory: BIOS_GRUB_DIRECTORY,
    sourceDateEpoch: epoch,
    name: options.name,
  });
  return {
    profile,
    name: options.name,
    /** What the config adds to the profile, for people. */
    summary: { ...product.summary, ...productSummary(facts), ...filesSummary(facts.files) },
    buildId,
    layout,
    placement,
    rootfsFacts: rootfsResult.facts,
    steps: {
      agent,
      node,
      rootfs,
      root,
      slot,
      payload,
      update,
      esp,
      esp4k,
      biosGrub,
      data,
      disk,
      seed,
      ...iso,
    },
    /** Replaces `medium` for a remaster of Ubuntu's ISO. */
    remasterMedium: mediumOf(
      [
        { path: MediumPath.program, file: liveFile('install') },
        { path: MediumPath.node, file: resultOf(node).node },
        { path: MediumPath.agent, file: resultOf(agent).bundle },
      ],
      [agent, node],
      [ownPath(liveFile('install'))],
    ),
    slotImage,
  };
}
