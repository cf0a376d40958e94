import { expect, it } from 'vitest';
import { failureReason } from './failure-reason.ts';
import type { TrialTraces } from './trial-traces.ts';

const NOTHING: TrialTraces = {
  skipped: false,
  health: undefined,
  failure: undefined,
  pstore: [],
  watchdog: false,
  boots: [],
};

it('is bounded, whatever was recorded', () => {
  const failure = `${'x'.repeat(9000)}\n${'line\n'.repeat(9000)}`;
  const { summary, details } = failureReason({ ...NOTHING, failure });
  expect([summary.length, details.length]).toEqual([500, 4096]);
  expect(summary.at(-1)).toBe('…');
});

it('prefers GRUB’s report, then records of the system, then a guess', () => {
  const boot = { lastAt: 12, disasters: ['Kernel panic'], orderly: true, tail: [] };
  const all: TrialTraces = {
    skipped: true,
    health: undefined,
    failure: 'it was late\n',
    pstore: ['Kernel panic - not syncing: x'],
    watchdog: true,
    boots: [boot],
  };
  const calm = { ...boot, disasters: [] };
  const inOrder: readonly Partial<TrialTraces>[] = [
    {},
    { skipped: false },
    { failure: undefined },
    { pstore: [] },
    { boots: [calm] },
    { watchdog: false },
    { boots: [{ ...calm, orderly: false }] },
    { boots: [] },
  ];
  let traces = all;
  const summaries = inOrder.map((less) => {
    traces = { ...traces, ...less };
    return failureReason(traces).summary;
  });
  expect(summaries.map((summary) => summary.split(/[:,]/)[0])).toEqual([
    'GRUB could not load it',
    'it was late',
    'the kernel died',
    'the last error in the journal',
    'it hung',
    'it was restarted or switched off',
    'it stopped and logged nothing after 12 s',
    'it stopped before it could log anything',
  ]);
});
