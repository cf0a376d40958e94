import type { Step } from './step.ts';

/** The steps and all they need, each once, in dependency order. */
export function inOrder(targets: readonly Step<unknown>[]): readonly Step<unknown>[] {
  const found = new Set<Step<unknown>>();
  const visit = (step: Step<unknown>) => {
    if (!found.has(step)) {
      step.needs.forEach(visit);
      found.add(step);
    }
  };
  targets.forEach(visit);
  return [...found];
}
