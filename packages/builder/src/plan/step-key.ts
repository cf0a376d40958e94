import type { CodeDigest } from './code/code-digest.ts';
import { digestOf } from './digest.ts';
import type { Step } from './step.ts';

/** Computes the key of a step. */
export type StepKeys = (step: Step<unknown>) => string;

/**
 * A digest of everything that affects the outcome of a step: its code, its inputs, and the keys of
 * the steps it needs. Steps with the same key have the same outcome.
 */
export function stepKeys(code: CodeDigest): StepKeys {
  // A step can be reached by many paths of the graph.
  const known = new WeakMap<Step<unknown>, string>();
  const keyOf: StepKeys = (step) => {
    const key =
      known.get(step) ??
      digestOf({
        id: step.id,
        code: code(step.code),
        inputs: step.inputs,
        needs: step.needs.map((needed) => [needed.id, needed.outcome ?? keyOf(needed)]),
      });
    known.set(step, key);
    return key;
  };
  return keyOf;
}
