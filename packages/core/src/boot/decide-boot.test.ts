import { describe, expect, it } from 'vitest';
import { otherSlot, SLOTS, type Slot } from '../layout/slots.ts';
import { type BootEnv, bootEnvVariables, readBootEnv } from './boot-env.ts';
import { type BootState, decideBoot } from './decide-boot.ts';
import { armTrial, condemn, markGood } from './transitions.ts';

const HEALTHY: BootEnv = {
  confirmed: 'A',
  trial: undefined,
  success: true,
  counter: 3,
  fallbackCounter: 3,
  ok: { A: true, B: true },
};

const STATE: BootState = {
  env: HEALTHY,
  copy: HEALTHY,
  marker: 'A',
  saves: true,
  loads: { A: true, B: true },
};

/** Every state: 2·3·2·3·2·4 blocks, each valid or not, with each way to load and save. */
function* everyState(): Generator<BootState> {
  const bit = [false, true];
  for (const confirmed of SLOTS)
    for (const trial of [undefined, { slot: 'A', tries: 1 }, { slot: 'B', tries: 3 }] as const)
      for (const success of bit)
        for (const counter of [undefined, 0, 3])
          for (const fallbackCounter of [0, 2])
            for (const okA of bit)
              for (const okB of bit) {
                const ok = { A: okA, B: okB };
                const env = { confirmed, trial, success, counter, fallbackCounter, ok };
                for (const a of bit)
                  for (const b of bit)
                    for (const saves of bit) {
                      const rest = { marker: 'A', saves, loads: { A: a, B: b } } as const;
                      yield { ...rest, env, copy: undefined };
                      yield { ...rest, env: undefined, copy: env };
                    }
              }
}

/** The content of the block after a boot. */
function after(env: BootEnv, state: Partial<BootState> = {}): BootEnv {
  const { writes } = decideBoot({ ...STATE, ...state, env });
  const read = readBootEnv({ ...bootEnvVariables(env), ...writes }).env;
  if (!read) {
    throw new Error('a boot must not damage the block');
  }
  return read;
}

/** The slots of the next boots, none of which becomes healthy. */
function bootsWithoutSuccess(start: BootEnv, times: number): string {
  let env = start;
  let slots = '';
  for (let time = 0; time < times; time += 1) {
    slots += decideBoot({ ...STATE, env }).slot;
    env = after(env);
  }
  return slots;
}

describe('in every state', () => {
  it('boots a slot if the confirmed slot or an ok one loads', () => {
    for (const state of everyState()) {
      const env = state.env ?? state.copy;
      const bootable = SLOTS.some(
        (slot) => state.loads[slot] && (env?.ok[slot] || slot === env?.confirmed),
      );
      if (bootable) {
        expect(decideBoot(state).slot, JSON.stringify(state)).toBeDefined();
      }
    }
  });

  it('never boots a slot that is not ok, unless it is confirmed or on a trial that was saved', () => {
    for (const state of everyState()) {
      const { slot, reason } = decideBoot(state);
      const env = state.env ?? state.copy;
      if (slot && !env?.ok[slot] && slot !== env?.confirmed) {
        expect(reason, JSON.stringify(state)).toBe('trial');
        expect(state.saves && state.env?.trial?.slot === slot, JSON.stringify(state)).toBe(true);
      }
    }
  });

  it('never boots a slot that does not load, and tries no slot twice for the same reason', () => {
    for (const state of everyState()) {
      const { slot, attempts } = decideBoot(state);
      expect(slot === undefined || state.loads[slot]).toBe(true);
      expect(attempts.length).toBeLessThanOrEqual(3);
    }
  });

  it('writes nothing if nothing can be saved', () => {
    for (const state of everyState()) {
      if (!state.saves) {
        expect(decideBoot(state).writes).toEqual({});
      }
    }
  });

  it('takes no tries from the copy: an old copy must not restart a bad slot', () => {
    for (const state of everyState()) {
      if (!state.env) {
        expect(decideBoot(state).reason).not.toBe('trial');
      }
    }
  });

  it('uses up a trial: it ends after its tries, whatever happens', () => {
    for (const state of everyState()) {
      if (state.env?.trial && state.saves) {
        const left = after(state.env, state).trial?.tries ?? 0;
        expect(left).toBe(state.env.trial.tries - 1);
      }
    }
  });
});

describe('the mark', () => {
  const MARK = `${'ab'.repeat(16)}-06`;

  it('is raised by each save, and the kernel gets the saved value', () => {
    for (const state of everyState()) {
      const { writes, mark, source } = decideBoot({ ...STATE, ...state, mark: MARK });
      const block = source === 'env' ? 'grubenv' : 'grubenv.copy';
      expect(mark).toBe(`${block}:${state.saves ? writes['boot_mark'] : MARK}`);
      expect(state.saves && writes['boot_mark'] === MARK).toBe(false);
    }
  });

  it('is passed as none if there is no valid block', () => {
    for (const marker of ['A', undefined] as const) {
      expect(decideBoot({ ...STATE, env: undefined, copy: undefined, marker }).mark).toBe('none');
    }
  });

  it('differs at each of 256 boots in a row', () => {
    const seen = new Set<string | undefined>();
    let mark: string | undefined = MARK;
    for (let boot = 0; boot < 256; boot += 1) {
      mark = decideBoot({ ...STATE, mark }).writes['boot_mark'];
      seen.add(mark);
    }
    expect(seen.size).toBe(256);
  });
});

describe('over several boots without success', () => {
  it('alternates forever between the tries of the confirmed slot and of the other', () => {
    expect(bootsWithoutSuccess({ ...HEALTHY, counter: 3 }, 13)).toBe('AAABBBAAABBBA');
  });

  it('never leaves the confirmed slot if the other is not ok', () => {
    expect(bootsWithoutSuccess({ ...HEALTHY, ok: { A: true, B: false } }, 9)).toBe('AAAAAAAAA');
  });

  it('tries a new slot as often as allowed, then rolls back to the confirmed one with all its tries', () => {
    const armed = armTrial({ ...HEALTHY, ok: { A: true, B: false } }, 'B', 2);
    expect(bootsWithoutSuccess(armed, 6)).toBe('BBAAAA');
  });
});

describe('damage', () => {
  it('falls back to the copy, then the marker, then any slot that loads', () => {
    const copy = { ...HEALTHY, confirmed: 'B' } as const;
    expect(decideBoot({ ...STATE, env: undefined, copy })).toMatchObject({
      slot: 'B',
      source: 'copy',
    });
    const lost = { ...STATE, env: undefined, copy: undefined };
    expect(decideBoot({ ...lost, marker: 'B' })).toMatchObject({ slot: 'B', reason: 'marker' });
    expect(decideBoot({ ...lost, marker: undefined })).toMatchObject({
      slot: 'A',
      reason: 'unknown',
    });
    expect(decideBoot({ ...lost, marker: undefined, loads: { A: false, B: true } })).toMatchObject({
      slot: 'B',
      attempts: ['A', 'B'],
    });
  });

  it('never boots another slot if only the marker is left', () => {
    expect(
      decideBoot({
        ...STATE,
        env: undefined,
        copy: undefined,
        marker: 'B',
        loads: { A: true, B: false },
      }).slot,
    ).toBeUndefined();
  });
});

describe('an update, interrupted at any write', () => {
  const written: Slot = 'B';
  const before: BootEnv = HEALTHY;
  const condemned = condemn(before, written);
  const armed = armTrial(condemned, written, 1);
  const marked = markGood(after(armed), written);

  it('boots only the old slot from condemn to arm', () => {
    for (const [env, copy] of [
      [before, condemned],
      [condemned, before],
      [condemned, condemned],
    ] as const) {
      for (const damaged of [false, true]) {
        const state = { ...STATE, env: damaged ? undefined : env, copy };
        const { slot } = decideBoot(state);
        expect(slot).toBe('A');
      }
    }
  });

  it('never falls back to a slot that is being written', () => {
    expect(bootsWithoutSuccess(condemned, 9)).toBe('AAAAAAAAA');
  });

  it('after the mark, boots the new slot, or from an old copy or marker the old one, which is ok', () => {
    expect(decideBoot({ ...STATE, env: marked, copy: condemned, marker: 'A' }).slot).toBe('B');
    expect(decideBoot({ ...STATE, env: undefined, copy: condemned, marker: 'A' }).slot).toBe('A');
    expect(decideBoot({ ...STATE, env: undefined, copy: marked, marker: 'A' }).slot).toBe('B');
    expect(marked.ok[otherSlot(written)]).toBe(true);
  });
});
