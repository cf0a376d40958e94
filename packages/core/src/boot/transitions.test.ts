import { describe, expect, it } from 'vitest';
import type { BootEnv } from './boot-env.ts';
import { armTrial, checkTries, condemn, markGood } from './transitions.ts';

const ENV: BootEnv = {
  confirmed: 'A',
  trial: undefined,
  success: true,
  counter: 1,
  fallbackCounter: 0,
  ok: { A: true, B: false },
};

describe('markGood', () => {
  it('confirms the running slot and fills the counters', () => {
    const trial = { ...ENV, success: false, trial: { slot: 'B', tries: 2 } } as const;
    expect(markGood(trial, 'B', { bootCounter: 5 })).toEqual({
      confirmed: 'B',
      trial: undefined,
      success: true,
      counter: 5,
      fallbackCounter: 5,
      ok: { A: true, B: true },
    });
  });

  it('does not trust the other slot if no block could be read', () => {
    expect(markGood(undefined, 'A').ok).toEqual({ A: true, B: false });
    expect(markGood(undefined, 'B').ok).toEqual({ A: false, B: true });
  });
});

describe('armTrial', () => {
  it('sets the trial and nothing else', () => {
    expect(armTrial(ENV, 'B', 3)).toEqual({ ...ENV, trial: { slot: 'B', tries: 3 } });
  });

  it('refuses while the running system is not confirmed', () => {
    expect(() => armTrial({ ...ENV, success: false }, 'B', 1)).toThrow(
      expect.objectContaining({ code: 'boot-unconfirmed' }),
    );
  });

  it('refuses the confirmed slot', () => {
    expect(() => armTrial(ENV, 'A', 1)).toThrow(expect.objectContaining({ code: 'slot-active' }));
  });

  it.each([0, 8, 2.5])('refuses %d tries', (tries) => {
    expect(() => armTrial(ENV, 'B', tries)).toThrow(RangeError);
  });
});

describe('condemn', () => {
  it('removes the slot from the list and drops its trial', () => {
    const armed = { ...ENV, ok: { A: true, B: true }, trial: { slot: 'B', tries: 2 } } as const;
    expect(condemn(armed, 'B')).toEqual({ ...ENV, ok: { A: true, B: false } });
  });

  it('confirms the other slot if the confirmed one is bad', () => {
    expect(condemn({ ...ENV, ok: { A: true, B: true } }, 'A', { bootCounter: 4 })).toEqual({
      confirmed: 'B',
      trial: undefined,
      success: false,
      counter: 4,
      fallbackCounter: 4,
      ok: { A: false, B: true },
    });
  });

  it('refuses to condemn the last bootable slot', () => {
    expect(() => condemn(ENV, 'A')).toThrow(expect.objectContaining({ code: 'last-slot' }));
  });
});

it('checkTries names the error', () => {
  expect(checkTries(7, 'tries')).toBe(7);
  expect(() => checkTries(0, 'tries')).toThrow(
    expect.objectContaining({ code: 'bad-tries', exitCode: 2 }),
  );
});
