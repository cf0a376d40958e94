import type { MicroLinuxError } from '@micro-linux/core';
import type { Progress } from '../progress/progress.ts';
import { throwIfCancelled } from '../progress/stall-guard.ts';
import type { ApplyContext } from './apply-context.ts';
import type { EtcEdit } from './etc-edits.ts';
import type { ApplyPlan } from './plan-apply.ts';
import { noteOf, RecordedResults } from './step-results.ts';
import { stepRunners } from './step-runners.ts';
import { describeStep, type StepKind, type StepOf } from './steps.ts';

/** What an apply did. */
export interface ApplyOutcome {
  readonly chunksWritten: number;
  readonly chunksAlreadyThere: number;
  /** Files of /etc that stay as they are on this device. */
  readonly etcEdits: readonly EtcEdit[];
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
  const results = new RecordedResults();
  try {
    for (const step of plan.steps) {
      throwIfCancelled(context.signal);
      await runStep(step.kind, step, context, results, progress);
    }
  } finally {
    if (!results.has('expose')) {
      // A disk that does not respond must not delay the error report.
      void results
        .find('wipe')
        ?.close()
        .catch(() => undefined);
    }
  }
  const chunks = results.find('write');
  return {
    chunksWritten: chunks?.written ?? 0,
    chunksAlreadyThere: chunks?.alreadyThere ?? 0,
    etcEdits: results.get('inspect'),
    warnings: [...(results.find('accept') ?? []), ...results.get('finish')],
  };
}

/** The error of the first check that refuses, if any. */
export function firstRefusal({ checks }: ApplyPlan): MicroLinuxError | undefined {
  return checks.find(({ refusal }) => refusal !== undefined)?.refusal;
}

async function runStep<Kind extends StepKind>(
  kind: Kind,
  step: StepOf<Kind>,
  context: ApplyContext,
  results: RecordedResults,
  progress: Progress,
): Promise<void> {
  const line = progress.step(kind, describeStep(step));
  try {
    results.record(
      kind,
      await stepRunners[kind](context, step, { results, advance: line.advance }),
    );
  } catch (error) {
    line.failed();
    throw error;
  }
  line.done(noteOf(step, results));
}
