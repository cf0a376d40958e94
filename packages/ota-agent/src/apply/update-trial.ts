import type { AgentConfig } from '@micro-linux/provision';
import type { Baseline, TrialRecord } from '../state/trial.ts';
import { readBootId } from '../system/boot-id.ts';
import type { System } from '../system/system.ts';
import type { ApplyFacts } from './apply-facts.ts';

/** The record of an update's trial for the next boots. */
export function updateTrial(
  { running, target, update }: ApplyFacts,
  baseline: Baseline,
  edge: { readonly system: System; readonly config: AgentConfig; readonly tries: number },
): TrialRecord {
  const { version, buildId, rollbackIndex } = update.head.manifest;
  return {
    schema: 1,
    kind: 'update',
    slot: target.slot,
    version,
    buildId,
    manifestSha256: update.manifestSha256,
    rollbackIndex,
    fromSlot: running.slot,
    fromVersion: running.image.version ?? null,
    armedAt: edge.system.now().toISOString(),
    bootId: readBootId(edge.system),
    tries: edge.tries,
    deadlineSeconds: edge.config.trial.deadlineSeconds,
    baseline,
  };
}
