import { type BootEnv, ExitCode, MicroLinuxError, otherSlot, type Slot } from '@micro-linux/core';
import type { AgentConfig } from '@micro-linux/provision';
import { type UpdateHead, verifyHead } from '@micro-linux/update-image';
import { rollbackIndexTooLow } from '../apply/refusals.ts';
import { armSlot } from '../boot-env/arm-slot.ts';
import { envStore } from '../boot-env/env-store.ts';
import { unconfirmed } from '../boot-env/unconfirmed.ts';
import type { Effects } from '../effects/effects.ts';
import { captureBaseline } from '../health/baseline.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { withLock } from '../lock/lock.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import { readImageInfo } from '../slots/image-info.ts';
import { readRollbackIndex } from '../state/rollback-index.ts';
import { manifestDigest, readSlotHead } from '../state/slot-heads.ts';
import { readBootId } from '../system/boot-id.ts';
import { requireRoot } from '../system/require-root.ts';
import { differenceOf, type VerifyWorld } from '../verify/verify-slots.ts';

/** Input of a rollback. */
export interface RollbackWorld extends VerifyWorld {
  readonly config: AgentConfig;
  readonly effects: Effects;
  readonly reboot: boolean;
  /** Describes this process to others that find the lock taken. */
  readonly pid: number;
}

export interface RollbackResult {
  /** The slot that is tried at the next boot. */
  readonly slot: Slot;
  readonly version: string;
  readonly fromSlot: Slot;
  readonly fromVersion: string | null;
}

/** One boot is enough for a slot that was healthy before. */
const TRIES = 1;

/**
 * Arms a trial of the other slot, which was healthy before. If it does not become healthy again,
 * the machine rolls back to the current slot. The other slot is read and hashed first.
 *
 * @throws MicroLinuxError `not-root`, `busy`, `boot-unconfirmed`, `slot-not-ok`, `head-missing`,
 *   `rollback-index`, `slot-differs`, what `verifyHead` throws, and errors of reading and writing.
 */
export async function rollback(world: RollbackWorld): Promise<RollbackResult> {
  const { system, pid } = world;
  requireRoot(system);
  return withLock({ directory: system.paths.run, purpose: 'rollback', pid }, () =>
    underLock(world),
  );
}

async function underLock(world: RollbackWorld): Promise<RollbackResult> {
  const { system, config, effects } = world;
  const { slot: running } = bootedSlot(system);
  const slot = otherSlot(running);
  const env = envStore(system.paths.esp).readEnv().value;
  const head = readSlotHead(system.paths.state, slot);
  const target = checkTarget({ env, running, head, least: readRollbackIndex(system.paths.state) });
  verifyHead(target, world.trust);
  const difference = await differenceOf(slot, target, world);
  if (difference) {
    throw slotDiffers(slot, difference.index);
  }

  const { version, buildId, rollbackIndex } = target.manifest;
  const fromVersion = readImageInfo(system.paths.imageInfo).version ?? null;
  const at = system.now().toISOString();
  effects.state.writeTrial({
    schema: 1,
    kind: 'rollback',
    slot,
    version,
    buildId,
    manifestSha256: manifestDigest(target),
    rollbackIndex,
    fromSlot: running,
    fromVersion,
    armedAt: at,
    bootId: readBootId(system),
    tries: TRIES,
    deadlineSeconds: config.trial.deadlineSeconds,
    baseline: await captureBaseline(system, config),
  });
  await armSlot(system, effects.env, { slot, running, tries: TRIES });
  effects.state.appendHistory({ event: 'rollback', at, slot, version, buildId, fromVersion });
  await logEvent(system, {
    messageId: MessageId.rollback,
    priority: Priority.notice,
    message: `slot ${slot} with ${version} will be tried at the next boot: somebody asked for it`,
    fields: { slot, version },
  });
  if (world.reboot) {
    await system.reboot();
  }
  return { slot, version, fromSlot: running, fromVersion };
}

interface TargetFacts {
  readonly env: BootEnv | undefined;
  readonly running: Slot;
  /** Of the other slot. */
  readonly head: UpdateHead | undefined;
  /** The lowest rollback index that this device accepts. */
  readonly least: number;
}

/** Decides from the records alone, without reading the slot. */
function checkTarget({ env, running, head, least }: TargetFacts): UpdateHead {
  const slot = otherSlot(running);
  const refusal = unconfirmed(env, running);
  if (refusal) {
    throw refusal;
  }
  if (env?.ok[slot] !== true) {
    throw new MicroLinuxError({
      code: 'slot-not-ok',
      message: `slot ${slot} cannot be rolled back to`,
      why: 'it was never healthy, was condemned, or is being written',
      hint: 'ota-agent status; to install an older version: ota-agent apply --force-downgrade …',
      details: { slot },
    });
  }
  if (!head) {
    throw new MicroLinuxError({
      code: 'head-missing',
      message: `slot ${slot} has unknown contents`,
      why: 'nothing was installed there, or the record of it is lost',
      hint: 'apply the update that should be there: if it is, it is only read, not written again',
      details: { slot },
    });
  }
  const { rollbackIndex } = head.manifest;
  if (rollbackIndex < least) {
    throw rollbackIndexTooLow(rollbackIndex, least);
  }
  return head;
}

function slotDiffers(slot: Slot, chunk: number): MicroLinuxError {
  return new MicroLinuxError({
    code: 'slot-differs',
    message: `slot ${slot} is not what was installed there`,
    why: `chunk ${chunk} differs: the disk may be failing, or somebody wrote to it`,
    hint: 'apply an update: it rewrites the slot',
    exitCode: ExitCode.failed,
    details: { slot, chunk },
  });
}
