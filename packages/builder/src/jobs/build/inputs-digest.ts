import type { Artifacts } from '../../artifacts/artifact.ts';
import { digestOf } from '../../plan/digest.ts';
import type { BuildPlan } from '../../steps/plan-build.ts';

/** Digest of the keys of all artifacts that a plan can make. */
export function inputsDigest(plan: BuildPlan, artifacts: Artifacts): string {
  return digestOf(
    Object.values(artifacts).map((artifact) => plan.placement.keyOf(artifact.step(plan))),
  );
}
