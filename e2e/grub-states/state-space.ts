import {
  BOOT_VARIABLES,
  type BootState,
  BootVariable,
  decideBoot,
  readBootEnv,
  readConfirmedMarker,
  type Slot,
} from '@micro-linux/core';
import { emptyBlock, serializeBlock, setVariables } from 'grubenv';

/** A possible value of a variable; `-` stands for "not set", `_` for "set and empty". */
type Token = string;

/** Values of each variable that make a difference, including damaged ones. */
const DIGITS: Readonly<Record<string, readonly Token[]>> = {
  [BootVariable.savedEntry]: ['A', 'B'],
  [BootVariable.bootSuccess]: ['0', '1', '-'],
  [BootVariable.bootCounter]: ['0', '1', '3', '-', '9'],
  [BootVariable.fallbackCounter]: ['0', '2', '-'],
  [BootVariable.okA]: ['0', '1'],
  [BootVariable.okB]: ['0', '1', '-'],
};

/** `next_entry` and `next_tries` are combined; otherwise many states would have no meaning. */
const TRIALS: readonly (readonly [entry: Token, tries: Token])[] = [
  ['-', '-'],
  ['_', '0'],
  ['x', '1'],
  ...['A', 'B'].flatMap((slot) =>
    ['-', '0', '1', '2', '7', '9'].map((tries) => [slot, tries] as const),
  ),
];

/** The variables that a choice depends on: all but the mark, whose counts are tested separately. */
export const STATE_VARIABLES = BOOT_VARIABLES.filter((name) => name !== BootVariable.bootMark);

/** The tokens of one block, in the order of STATE_VARIABLES. */
export type BlockTokens = readonly Token[];

/** The values to test in one run of the machine. */
export interface Space {
  readonly trials: readonly (readonly [entry: Token, tries: Token])[];
  readonly values: Readonly<Record<string, readonly Token[]>>;
}

/** Every combination of values: some 30,000 states, which take long (GRUB_STATES=full). */
export const FULL: Space = { trials: TRIALS, values: DIGITS };

/** Every combination of the values that the standing rules depend on; no trial. */
export const STANDING: Space = { trials: [['_', '0']], values: DIGITS };

const FEW: Space['values'] = {
  ...DIGITS,
  [BootVariable.bootSuccess]: ['0', '1'],
  [BootVariable.bootCounter]: ['0', '3'],
  [BootVariable.fallbackCounter]: ['2'],
  [BootVariable.okB]: ['0', '1'],
};

/** Every trial, with the standing rules that apply when its slot does not load. */
export const EVERY_TRIAL: Space = {
  // STANDING covers the states without a trial.
  trials: TRIALS.filter(([next]) => next !== '_'),
  values: FEW,
};

/** For results that must not depend on the details: a trial and none, every rule. */
export const SMALL: Space = {
  trials: [
    ['_', '0'],
    ['B', '1'],
  ],
  values: { ...FEW, [BootVariable.fallbackCounter]: ['0', '2'] },
};

/** Every block of a space. */
export function blocks(space: Space): BlockTokens[] {
  const values = (name: string) => space.values[name] ?? [];
  return values(BootVariable.savedEntry).flatMap((saved) =>
    space.trials.flatMap(([next, tries]) =>
      values(BootVariable.bootSuccess).flatMap((success) =>
        values(BootVariable.bootCounter).flatMap((counter) =>
          values(BootVariable.fallbackCounter).flatMap((fallback) =>
            values(BootVariable.okA).flatMap((okA) =>
              values(BootVariable.okB).map((okB) => [
                ...[saved, next, tries, success, counter, fallback, okA, okB],
              ]),
            ),
          ),
        ),
      ),
    ),
  );
}

/** The variables that tokens represent. */
export function variables(tokens: BlockTokens): Record<string, string> {
  return Object.fromEntries(
    STATE_VARIABLES.flatMap((name, index) => {
      const token = tokens[index] ?? '-';
      return token === '-' ? [] : [[name, token === '_' ? '' : token]];
    }),
  );
}

/** A block file with those variables. */
export function blockFile(values: Readonly<Record<string, string>>): Uint8Array {
  return serializeBlock(setVariables(emptyBlock(), values));
}

/** Files that are not an env block with a confirmed slot. `missing`: there is no file. */
export const DAMAGED: Readonly<Record<string, Uint8Array | undefined>> = {
  missing: undefined,
  empty: new Uint8Array(0),
  zeros: new Uint8Array(1024),
  ones: new Uint8Array(1024).fill(0xff),
  torn: new Uint8Array([...new Uint8Array(512), ...blockFile({ saved_entry: 'A' }).subarray(512)]),
  nameless: blockFile({ boot_success: '1', A_ok: '1', B_ok: '1', boot_counter: '3' }),
  foreign: blockFile({ saved_entry: 'gnulinux-simple', confirmed: 'ubuntu' }),
};

/** GRUB's report of one state. */
export interface Report {
  readonly block: 'env' | 'copy' | 'marker';
  readonly saves: boolean;
  readonly loads: Readonly<Record<Slot, boolean>>;
  /** Source of the choice: the block, or the file name of the marker. */
  readonly before: BlockTokens;
  readonly chosen: string;
  readonly reason: string;
  readonly attempts: string;
  readonly after: BlockTokens;
  /** `boot_mark` of the block before and after, and the value passed to the kernel; `-`: none. */
  readonly mark: { readonly before: string; readonly after: string; readonly told: string };
}

/** All reports that {@link file://./state-script.ts} makes GRUB print. */
export function parseReports(output: string): readonly Report[] {
  return output.split(/[\r\n]+/).flatMap((line) => parseReport(line) ?? []);
}

function parseReport(line: string): Report | undefined {
  const match =
    /^R (env|copy|marker) ([01]) ([01])([01]) \[([^\]]*)\] (\w+) ([\w-]+) (\w*) \[([^\]]*)\] (\S+) (\S+) (\S+)$/.exec(
      line,
    );
  if (!match) {
    return undefined;
  }
  const [, block, saves, loadA, loadB, before, chosen, reason, attempts, after] = match;
  const [markBefore = '', markAfter = '', told = ''] = match.slice(10);
  return {
    block: block as Report['block'],
    saves: saves === '1',
    loads: { A: loadA === '1', B: loadB === '1' },
    before: (before ?? '').split(' '),
    chosen: chosen ?? '',
    reason: reason ?? '',
    attempts: attempts ?? '',
    after: (after ?? '').split(' '),
    mark: { before: markBefore, after: markAfter, told: told.replace('micro_linux.mark=', '') },
  };
}

/** The report according to `decideBoot`, in the same form. */
export function expectedReport(report: Report, bootCounter: number): Report {
  const before = variables(report.before);
  const reading = readBootEnv(before).env;
  const state: BootState = {
    env: report.block === 'env' ? reading : undefined,
    copy: report.block === 'copy' ? reading : undefined,
    marker:
      report.block === 'marker'
        ? readConfirmedMarker({ confirmed: report.before[0] ?? '' })
        : undefined,
    saves: report.saves,
    loads: report.loads,
    mark: report.mark.before,
  };
  const decision = decideBoot(state, { bootCounter });
  const afterwards: Record<string, string> = { ...before, ...decision.writes };
  return {
    ...report,
    chosen: decision.slot ?? 'none',
    reason: decision.reason,
    attempts: decision.attempts.join(''),
    mark: {
      before: report.mark.before,
      after: decision.writes[BootVariable.bootMark] ?? report.mark.before,
      told: decision.mark ?? '-',
    },
    after:
      report.block === 'marker'
        ? report.before
        : STATE_VARIABLES.map((name) => {
            const value = afterwards[name];
            return value === undefined ? '-' : value === '' ? '_' : value;
          }),
  };
}
