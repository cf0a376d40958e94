import { EspPath, SLOTS, type Slot } from '@micro-linux/core';
import { type BlockReading, envStore } from '../boot-env/env-store.ts';
import { loadConfigAtBoot } from '../config/load-config.ts';
import { type BootedSlot, bootedSlot } from '../slots/booted-slot.ts';
import { etcChanges } from '../slots/etc-changes.ts';
import { runningIndex } from '../slots/image-claims.ts';
import { readImageInfo } from '../slots/image-info.ts';
import type { Rejection } from '../state/rejected.ts';
import { dataProblems } from '../system/data-problems.ts';
import type { System } from '../system/system.ts';
import { judgeTrial, type TrialJudgement } from '../trial/judge-trial.ts';
import { twinDisks } from './twins.ts';
import { type LastUpdate, readUpdateStatus } from './update-status.ts';

/** One slot in the status. */
export interface SlotStatus {
  readonly name: Slot;
  /** The version installed in it; null when unknown. */
  readonly version: string | null;
  /** Whether GRUB may fall back to it. */
  readonly ok: boolean;
  readonly booted: boolean;
  readonly confirmed: boolean;
  readonly trial: boolean;
}

/** The status as `--json` prints it: flat but for its lists and the last update. */
export interface Status {
  readonly booted: Slot;
  /** Why GRUB chose the slot; see docs/explanation/boot-states.md. Null when unknown. */
  readonly bootReason: string | null;
  /** The slot that GRUB could not start in this boot. */
  readonly skipped: Slot | null;
  /** Null when no block says. */
  readonly confirmed: Slot | null;
  /** Whether the running system was marked healthy. */
  readonly bootSuccess: boolean;
  readonly bootCounter: number | null;
  /** The slot to be tried at the next boot, and how often. */
  readonly trial: Slot | null;
  readonly trialTries: number;
  readonly profile: string | null;
  readonly version: string | null;
  readonly compatible: string | null;
  readonly buildId: string | null;
  readonly kernel: string | null;
  /** `ok`, `suspect` (some values make no sense) or `damaged`. */
  readonly env: EnvHealth;
  readonly envCopy: EnvHealth;
  readonly marker: EnvHealth;
  readonly problems: readonly string[];
  readonly slots: readonly SlotStatus[];
  /** Other disks with the partitions of the one that was booted; null when that is not known. */
  readonly twins: readonly string[] | null;
  /** Null when there was none, or this user may not know. */
  readonly lastUpdate: LastUpdate | null;
  /** Images with a lower one are refused. */
  readonly rollbackIndex: number | null;
  /** Of the running image. */
  readonly imageRollbackIndex: number;
  /** Whether that is below `rollbackIndex`: the running image is not confirmed by itself. */
  readonly imageTooOld: boolean;
  /** Images that were rolled back, oldest first: not applied again without `--retry`. */
  readonly rejected: readonly Rejection[] | null;
  /** What is wrong with the agent's config; at boot the image's own counts instead. */
  readonly configProblems: readonly string[];
  /** Problems of the data partition: it is full, read-only, or was damaged. */
  readonly dataProblems: readonly string[];
  /** Files of the image's /etc that were changed here, so that updates do not change them. */
  readonly etcChanges: readonly string[] | null;
  /** Why something is null. */
  readonly notes: readonly string[];
}

export type EnvHealth = 'ok' | 'suspect' | 'damaged';

/** Gathers the status; writes nothing. @throws MicroLinuxError as `bootedSlot` and `envStore`. */
export async function readStatus(system: System): Promise<Status> {
  const booted = bootedSlot(system);
  const store = envStore(system.paths.esp);
  const readings = [
    [EspPath.env, store.readEnv()],
    [EspPath.envCopy, store.readCopy()],
  ] as const;
  const [[, first], [, copy]] = readings;
  const marker = store.readMarker();
  const env = first.value ?? copy.value;
  const confirmed = env?.confirmed ?? marker.value ?? null;
  const image = readImageInfo(system.paths.imageInfo);
  const update = readUpdateStatus(system, await judgement(system, booted, first));
  const index = runningIndex(system, booted.slot);
  const twins = (await twinDisks(system)) ?? null;
  const { etcChanges: changes, etcOfImage } = system.paths;
  const version = (name: Slot) =>
    update.versions[name] ?? (name === booted.slot ? (image.version ?? null) : null);
  return {
    booted: booted.slot,
    bootReason: booted.reason ?? null,
    skipped: booted.skipped ?? null,
    confirmed,
    bootSuccess: env?.success ?? false,
    bootCounter: env?.counter ?? null,
    trial: env?.trial?.slot ?? null,
    trialTries: env?.trial?.tries ?? 0,
    profile: image.profile ?? null,
    version: image.version ?? null,
    compatible: image.compatible ?? null,
    buildId: image.buildId ?? null,
    kernel: image.kernel ?? null,
    env: health(first),
    envCopy: health(copy),
    marker: health(marker),
    problems: [...readings, [EspPath.confirmed, marker] as const].flatMap(([path, { problems }]) =>
      problems.map((problem) => `${path}: ${problem}`),
    ),
    slots: SLOTS.map((name) => ({
      name,
      version: version(name),
      ok: env?.ok[name] ?? false,
      booted: name === booted.slot,
      confirmed: name === confirmed,
      trial: name === env?.trial?.slot,
    })),
    twins,
    lastUpdate: update.lastUpdate,
    rollbackIndex: update.rollbackIndex,
    imageRollbackIndex: index,
    imageTooOld: index < (update.rollbackIndex ?? 0),
    rejected: update.rejected,
    configProblems: loadConfigAtBoot(system.paths.config).problems,
    dataProblems: dataProblems(system),
    etcChanges: etcChanges(changes, etcOfImage) ?? null,
    notes: twins === null ? [...update.notes, NO_TWINS_NOTE] : update.notes,
  };
}

const NO_TWINS_NOTE =
  'cannot determine whether another disk has the same partitions: lsblk does not say (lsblk --output PATH,PARTUUID)';

/** State of the trial as the mark step would find it; undefined when it is unknown to this user. */
async function judgement(
  system: System,
  booted: BootedSlot,
  env: BlockReading<Parameters<typeof judgeTrial>[2]>,
): Promise<TrialJudgement | undefined> {
  try {
    return await judgeTrial(system, booted, env.value);
  } catch {
    // The state directory is root's; `notes` says so.
    return undefined;
  }
}

function health(reading: BlockReading<unknown>): EnvHealth {
  if (reading.value === undefined) {
    return 'damaged';
  }
  return reading.problems.length === 0 ? 'ok' : 'suspect';
}
