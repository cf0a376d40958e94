import type { CodeDigest } from './code/code-digest.ts';
import { digestOf } from './digest.ts';
import type { Step } from './step.ts';

/** Gives the key of a step. */
export type StepKeys = (step: Step<unknown>) => string;

/**
 * What decides the outcome of a step, in one digest: its code, its inputs, and the keys of the steps
 * that it needs. Two steps with one key make the same.
 */
export function stepKeys(code: CodeDigest): StepKeys {
  // A graph has many ways to one step.
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
