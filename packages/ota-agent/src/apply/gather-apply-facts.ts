import { otherSlot, type Slot } from '@micro-linux/core';
import type { AgentConfig } from '@micro-linux/provision';
import { readVerifiedHead, type UpdateSource } from '@micro-linux/update-image';
import { envStore } from '../boot-env/env-store.ts';
import { readHealthReport } from '../health/report.ts';
import type { Progress } from '../progress/progress.ts';
import { withStallGuard } from '../progress/stall-guard.ts';
import { deviceBytes } from '../raw-device/device-bytes.ts';
import { openDeviceReader } from '../raw-device/device-reader.ts';
import { readDeviceUsers } from '../raw-device/read-device-users.ts';
import { firstDifference } from '../slot-image/first-difference.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import { runningIndex } from '../slots/image-claims.ts';
import { readImageInfo } from '../slots/image-info.ts';
import { readApplyJournal } from '../state/apply-journal.ts';
import { readHistory } from '../state/history.ts';
import { readRejections } from '../state/rejected.ts';
import { readRollbackIndex } from '../state/rollback-index.ts';
import { manifestDigest, readSlotHead } from '../state/slot-heads.ts';
import { readTrial, type TrialRecord } from '../state/trial.ts';
import { readTrustFloor } from '../state/trust-floor.ts';
import { readBootId } from '../system/boot-id.ts';
import { requireRoot } from '../system/require-root.ts';
import type { System } from '../system/system.ts';
import { toldOf } from '../trial/trial-outcome.ts';
import { loadTrust } from '../trust/load-trust.ts';
import { alreadyRuns } from './already-runs.ts';
import type { ApplyFacts, ApplyOptions, TargetFacts, UpdateFacts } from './apply-facts.ts';
import { checkApply, type DeviceFacts } from './checks.ts';

/** Where the facts come from. */
export interface GatherContext {
  readonly system: System;
  readonly config: AgentConfig;
  readonly options: ApplyOptions;
  readonly agent: ApplyFacts['agent'];
  readonly signal: AbortSignal;
  readonly stallMs: number;
  readonly progress: Progress;
}

/**
 * Reads everything that the plan depends on, including the head of the update; changes nothing. An
 * update that is not signed by enough trusted keys is not parsed and ends it. If the records say
 * that the other slot contains this update, the whole slot is read and hashed, which takes seconds,
 * but only when no other check refuses.
 *
 * @throws MicroLinuxError `not-root`, what `bootedSlot`, `readVerifiedHead`, `loadTrust` and the
 *   state files throw, `slot-device-unknown`, `slot-unopenable`, `slot-read-failed`,
 *   `stage-timeout`.
 */
export async function gatherApplyFacts(
  source: UpdateSource,
  context: GatherContext,
): Promise<ApplyFacts> {
  const { system, config, options, agent, progress } = context;
  requireRoot(system);
  const { state, imageInfo } = system.paths;
  const { slot } = bootedSlot(system);

  const line = progress.step('head', `read the head of ${source.name}`);
  let update: UpdateFacts;
  try {
    update = await readUpdate(source, context);
  } catch (error) {
    line.failed();
    throw error;
  }
  const { version, profile } = update.head.manifest;
  line.done(`${profile} ${version}`);

  const { running, env, target } = await gatherDeviceFacts(system);
  const facts: ApplyFacts = {
    options,
    agent,
    running: { ...running, image: readImageInfo(imageInfo), head: readSlotHead(state, slot) },
    env,
    target,
    update,
    rollbackIndex: readRollbackIndex(state),
    rejections: readRejections(state),
    journal: readApplyJournal(state),
    replaced: armedTrial(state),
  };
  const settled = alreadyRuns(facts) || checkApply(facts).some(({ refusal }) => refusal);
  if (settled || !(await holdsUpdate(target, update, context))) {
    return facts;
  }
  const renewed = env?.trial?.slot === target.slot;
  return {
    ...facts,
    target: { ...target, holdsUpdate: true },
    replaced: renewed ? undefined : facts.replaced,
  };

  async function readUpdate(from: UpdateSource, { signal, stallMs }: GatherContext) {
    const stage = `reading the head of ${from.name}`;
    const floor = readTrustFloor(system.paths.state);
    const trust = loadTrust(system.paths.config, config.signatures.threshold, floor);
    const { head, signedBy } = await withStallGuard({ stage, stallMs, signal }, (guard) =>
      readVerifiedHead(from, trust, guard),
    );
    return { head, manifestSha256: manifestDigest(head), signedBy };
  }
}

/** The facts about the device: whether any update could be applied now. */
export async function gatherDeviceFacts(system: System): Promise<DeviceFacts> {
  const { slot } = bootedSlot(system);
  return {
    running: { slot, acceptable: isAcceptable(system, slot) },
    env: envStore(system.paths.esp).readEnv().value,
    target: await targetFacts(otherSlot(slot), system),
  };
}

/** Whether the running image is too old to be confirmed, but healthy: see `ApplyFacts`. */
function isAcceptable(system: System, slot: Slot): boolean {
  const { state } = system.paths;
  const report = readHealthReport(state);
  return (
    runningIndex(system, slot) < readRollbackIndex(state) &&
    report?.healthy === true &&
    report.slot === slot &&
    report.bootId === readBootId(system)
  );
}

/** The trial that is armed and not settled, according to the history, which is written last. */
function armedTrial(state: string): TrialRecord | undefined {
  const trial = readTrial(state);
  return trial && toldOf(trial.slot, readHistory(state).entries) ? trial : undefined;
}

/** Facts of the slot to write, without whether it contains the update. */
async function targetFacts(slot: Slot, system: System): Promise<TargetFacts> {
  const { paths } = system;
  const path = system.slotDevice(slot);
  return {
    slot,
    path,
    bytes: await deviceBytes(path, paths.sysBlock),
    users: readDeviceUsers(path, paths),
    holdsUpdate: false,
  };
}

/** Whether the slot contains exactly this update, by its hash. */
async function holdsUpdate(
  { slot, path }: TargetFacts,
  { head }: UpdateFacts,
  { system, signal, stallMs, progress }: GatherContext,
): Promise<boolean> {
  const noted = readSlotHead(system.paths.state, slot);
  if (!noted?.manifestBytes.equals(head.manifestBytes)) {
    return false;
  }
  const line = progress.step('compare', `compare slot ${slot} with the update`);
  const reader = await openDeviceReader(path, system.run);
  try {
    const difference = await withStallGuard(
      { stage: `reading slot ${slot}`, stallMs, signal },
      (guard) => firstDifference(reader, path, head, guard, line.advance),
    );
    line.done(
      difference ? `it differs from chunk ${difference.index} on` : 'it contains it already',
    );
    return difference === undefined;
  } catch (error) {
    line.failed();
    throw error;
  } finally {
    void reader.close().catch(() => undefined);
  }
}
