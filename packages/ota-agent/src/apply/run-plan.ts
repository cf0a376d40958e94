import type { MicroLinuxError } from '@micro-linux/core';
import type { Progress, StepProgress } from '../progress/progress.ts';
import { throwIfCancelled } from '../progress/stall-guard.ts';
import type { ApplyContext } from './apply-context.ts';
import type { EtcEdit } from './etc-edits.ts';
import type { ApplyPlan } from './plan-apply.ts';
import { stepRunners } from './step-runners.ts';
import { describeStep } from './steps.ts';

/** What an apply did. */
export interface ApplyOutcome {
  readonly chunksWritten: number;
  readonly chunksKept: number;
  readonly etcKept: readonly EtcEdit[];
  readonly warnings: readonly string[];
}

/**
 * Runs the steps of a plan whose checks have passed.
 *
 * @throws MicroLinuxError what a step throws, `cancelled`.
 */
export async function runPlan(
  plan: ApplyPlan,
  context: ApplyContext,
  progress: Progress,
): Promise<ApplyOutcome> {
  const { found, signal } = context;
  try {
    for (const step of plan.steps) {
      throwIfCancelled(signal);
      const line = progress.step(step.kind, describeStep(step));
      await ended(line, () => stepRunners[step.kind](context, step as never, line.advance));
    }
  } finally {
    // A disk that does not answer must not keep the error from being told.
    void found.device?.close().catch(() => undefined);
  }
  return {
    chunksWritten: found.written ?? 0,
    chunksKept: found.kept ?? 0,
    etcKept: found.etc ?? [],
    warnings: found.warnings,
  };
}

/** The first check that refuses, if any. */
export function firstRefusal({ checks }: ApplyPlan): MicroLinuxError | undefined {
  return checks.find(({ refusal }) => refusal !== undefined)?.refusal;
}

async function ended(line: StepProgress, action: () => Promise<string | undefined>): Promise<void> {
  let note: string | undefined;
  try {
    note = await action();
  } catch (error) {
    line.failed();
    throw error;
  }
  line.done(note);
}
