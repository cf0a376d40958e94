import type { Step } from './step.ts';

/** For tests: a step that others need, and that does nothing. */
export function testStep(id: string, more: Partial<Step<string>> = {}): Step<string> {
  return {
    id,
    title: id,
    code: [],
    needs: [],
    inputs: {},
    cached: false,
    describe: () => [],
    run: async () => {},
    result: (directory) => directory,
    ...more,
  };
}
