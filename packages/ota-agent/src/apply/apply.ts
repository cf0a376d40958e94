import { readFileSync } from 'node:fs';
import { MicroLinuxError, type Slot } from '@micro-linux/core';
import type { AgentConfig } from '@micro-linux/provision';
import { isSignatureRefusal, type UpdateSource } from '@micro-linux/update-image';
import type { Effects } from '../effects/effects.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { withLock } from '../lock/lock.ts';
import type { Progress } from '../progress/progress.ts';
import { unmountLeftover } from '../raw-device/mounted-slot.ts';
import { requireRoot } from '../system/require-root.ts';
import type { System } from '../system/system.ts';
import type { ApplyFacts, ApplyOptions } from './apply-facts.ts';
import { checkUntrusted } from './checks.ts';
import { gatherApplyFacts, gatherDeviceFacts } from './gather-apply-facts.ts';
import { type ApplyPlan, planApply } from './plan-apply.ts';
import { type ApplyOutcome, firstRefusal, runPlan } from './run-plan.ts';

/** Milliseconds that a stage may go without progress: a slow card that flushes needs half of it. */
export const STALL_MS = 120_000;

/** Input of an apply. */
export interface ApplyWorld {
  readonly system: System;
  readonly config: AgentConfig;
  readonly effects: Effects;
  readonly source: UpdateSource;
  readonly options: ApplyOptions;
  readonly agent: ApplyFacts['agent'];
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** {@link STALL_MS} on a device. */
  readonly stallMs: number;
  /** Describes this process to others that find the lock taken. */
  readonly pid: number;
}

/** Result of an apply. */
export interface ApplyResult extends ApplyOutcome {
  readonly kind: 'nothing-to-do' | 'armed';
  readonly facts: ApplyFacts;
  readonly slot: Slot;
}

/**
 * Plans without changing anything; needs root, because only root may read the facts. The plan for
 * an untrusted update has no steps, because they depend on its content.
 */
export async function planOnly(world: ApplyWorld): Promise<ApplyPlan> {
  try {
    return planApply(await gatherApplyFacts(world.source, world));
  } catch (error) {
    if (!isSignatureRefusal(error)) {
      throw error;
    }
    const facts = await gatherDeviceFacts(world.system);
    return { slot: facts.target.slot, checks: checkUntrusted(error, facts), steps: [] };
  }
}

/**
 * Writes an update into the other slot and arms its trial. Power may be lost at any point: GRUB
 * finds a slot that was healthy, and the same call resumes the work.
 *
 * @throws MicroLinuxError every refusal and failure of docs/reference/exit-codes.md.
 */
export async function applyUpdate(world: ApplyWorld): Promise<ApplyResult> {
  const { system } = world;
  requireRoot(system);
  const lock = { directory: system.paths.run, purpose: 'apply', pid: world.pid };
  return withLock(lock, async () => {
    let facts: ApplyFacts | undefined;
    try {
      await cleanUp(system);
      facts = await gatherApplyFacts(world.source, world);
      return await carryOut(facts, world);
    } catch (error) {
      await logRefusal(system, error, facts?.update.head.manifest.version ?? null);
      throw error;
    }
  });
}

async function carryOut(facts: ApplyFacts, world: ApplyWorld): Promise<ApplyResult> {
  const plan = planApply(facts);
  const refusal = firstRefusal(plan);
  if (refusal) {
    throw refusal;
  }
  if (plan.steps.length === 0) {
    const nothing = { chunksWritten: 0, chunksAlreadyThere: 0, etcEdits: [], warnings: [] };
    return { kind: 'nothing-to-do', facts, slot: facts.running.slot, ...nothing };
  }
  const outcome = await runPlan(plan, { ...world, facts }, world.progress);
  return { kind: 'armed', facts, slot: plan.slot, ...outcome };
}

/** A run that was killed may have left a slot mounted. */
async function cleanUp(system: System): Promise<void> {
  const { run: directory, mounts } = system.paths;
  const table = readFileSync(mounts, 'utf8');
  for (const slot of ['A', 'B'] as const) {
    await unmountLeftover({ path: system.slotDevice(slot), directory, run: system.run }, table);
  }
}

/** @param version of the update; null if its head is not trusted or was not read. */
async function logRefusal(system: System, error: unknown, version: string | null): Promise<void> {
  if (error instanceof MicroLinuxError) {
    await logEvent(system, {
      messageId: MessageId.refused,
      priority: Priority.warning,
      message: [`update not applied: ${error.message}`, error.why ?? ''].join('\n').trimEnd(),
      fields: { version, code: error.code },
    });
  }
}
