import { type Artifacts, artifactOf } from '../../artifacts/artifact.ts';
import type { ArtifactRecord } from '../../artifacts/build-record.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Trust } from '../../keys/trust.ts';
import { stepResult } from '../../plan/step-directory.ts';
import { takeUpdate } from '../update/take-update.ts';
import type { Session } from './session.ts';

export interface ArtifactOptions {
  readonly artifacts: Artifacts;
  /** Kinds to make. */
  readonly missing: readonly string[];
  readonly signer: Signer | undefined;
  readonly trust: Trust;
  /** The update of this plan, if it exists and has enough signatures. */
  readonly signedUpdate: string | undefined;
}

/** Moves an artifact to the artifacts directory. */
export type Publish = (artifacts: string) => Promise<readonly ArtifactRecord[]>;

/**
 * Runs the steps of some artifacts.
 *
 * @returns functions that publish the artifacts, in the required order.
 */
export async function makeArtifacts(
  { plan, runner, execute }: Session,
  options: ArtifactOptions,
): Promise<readonly Publish[]> {
  const { artifacts, missing, signer, signedUpdate, trust } = options;
  const { update } = plan.steps;
  const kinds = Object.keys(artifacts).filter((kind) => missing.includes(kind));
  const steps = kinds.map((kind) => artifactOf(artifacts, kind).step(plan));
  if (signedUpdate !== undefined) {
    await takeUpdate(signedUpdate, stepResult(update, plan.placement));
  }
  await runner.run(steps, signedUpdate === undefined ? [] : [update.id]);
  const ready: Publish[] = [];
  for (const [index, kind] of kinds.entries()) {
    const { reporter, signal } = execute;
    const made = await artifactOf(artifacts, kind).ready(kind, {
      ...{ plan, trust, signer, reporter, signal },
    });
    const step = steps[index];
    const key = step && plan.placement.keyOf(step);
    ready.push(async (directory) =>
      (await made.publish(directory)).map((record) => ({ ...record, ...(key ? { key } : {}) })),
    );
  }
  return ready;
}
