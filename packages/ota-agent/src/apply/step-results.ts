import type { RawDevice } from '../raw-device/raw-device.ts';
import type { ChunksWritten } from '../slot-image/write-chunks.ts';
import type { Baseline } from '../state/trial.ts';
import type { EtcEdit } from './etc-edits.ts';
import type { ApplyStep, StepKind } from './steps.ts';

/** The result of each kind of step that has one. */
interface Results {
  /** Problems that do not stop the apply. */
  readonly accept: readonly string[];
  readonly baseline: Baseline;
  /** Open until `expose` closes it. */
  readonly wipe: RawDevice;
  readonly write: ChunksWritten;
  /** Files of /etc that stay as they are on this device. */
  readonly inspect: readonly EtcEdit[];
  /** What could not be recorded. */
  readonly finish: readonly string[];
}

/** The result of a step of this kind. */
export type ResultOf<Kind extends StepKind> = Kind extends keyof Results
  ? Results[Kind]
  : undefined;

/** Reads the results of the steps that have been run. */
export interface StepResults {
  /** @returns undefined if the plan has no such step or it has not been run yet. */
  find<Kind extends keyof Results>(kind: Kind): Results[Kind] | undefined;
  /** @throws RangeError if the step has not been run: the plan has them in the wrong order. */
  get<Kind extends keyof Results>(kind: Kind): Results[Kind];
  has(kind: StepKind): boolean;
}

/** The results of one apply, filled step by step. */
export class RecordedResults implements StepResults {
  readonly #results = new Map<StepKind, unknown>();

  record<Kind extends StepKind>(kind: Kind, result: ResultOf<Kind>): void {
    this.#results.set(kind, result);
  }

  find<Kind extends keyof Results>(kind: Kind): Results[Kind] | undefined {
    // `record` takes nothing else for this kind.
    return this.#results.get(kind) as Results[Kind] | undefined;
  }

  get<Kind extends keyof Results>(kind: Kind): Results[Kind] {
    const result = this.find(kind);
    if (result === undefined) {
      throw new RangeError(`the step ${kind} must be run first`);
    }
    return result;
  }

  has(kind: StepKind): boolean {
    return this.#results.has(kind);
  }
}

/** The result of the step that just ran, in a few words; undefined when there is nothing to report. */
export function noteOf(step: ApplyStep, results: StepResults): string | undefined {
  switch (step.kind) {
    case 'baseline':
      return `${results.get('baseline').units.length} services`;
    case 'write': {
      const { alreadyThere } = results.get('write');
      return alreadyThere === 0 ? undefined : `${alreadyThere} chunks were there already`;
    }
    case 'inspect': {
      const edits = results.get('inspect').length;
      return edits === 0 ? undefined : `slot ${step.slot} runs with ${edits} changed files of /etc`;
    }
    default:
      return undefined;
  }
}
