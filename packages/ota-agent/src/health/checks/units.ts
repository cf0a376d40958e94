import type { System } from '../../system/system.ts';
import type { Check } from '../check.ts';
import { isActive, stateText, unitJournal, unitStates } from '../unit-states.ts';

/** One of several units must run: `a.service | b.service`. */
export function requiredUnitCheck(system: System, alternatives: string): Check {
  const names = alternatives.split('|').map((name) => name.trim());
  return {
    id: `units/${names[0]}`,
    async look() {
      const states = await unitStates(system, names);
      const running = names.find((_, index) => {
        const state = states[index];
        return state !== undefined && isActive(state, system.uptime());
      });
      if (running !== undefined) {
        return { ok: true, note: `${running} runs` };
      }
      const told = states.map(
        (state, index) => `${names[index]} ${stateText(state, system.uptime())}`,
      );
      return { ok: false, note: told.join(', ') };
    },
    explain: () => unitJournal(system, names),
  };
}

/** A unit must not have failed; whether it runs does not matter. */
export function notFailedCheck(system: System, name: string): Check {
  return {
    id: `failed/${name}`,
    async look() {
      const [state] = await unitStates(system, [name]);
      return state?.active === 'failed'
        ? { ok: false, note: `${name} ${stateText(state, system.uptime())}` }
        : { ok: true, note: `${name} has not failed` };
    },
    explain: () => unitJournal(system, [name]),
  };
}

/** Services that ran under the previous system must run under this one. */
export function sameUnitsCheck(system: System, names: readonly string[]): Check {
  let missing: readonly string[] = names;
  return {
    id: 'before/units',
    async look() {
      const states = await unitStates(system, names);
      const failing = names.flatMap((name, index) => {
        const state = states[index];
        return state !== undefined && isActive(state, system.uptime()) ? [] : [{ name, state }];
      });
      missing = failing.map(({ name }) => name);
      return failing.length === 0
        ? { ok: true, note: `${names.length} services run as before the update` }
        : {
            ok: false,
            note: `ran before the update: ${failing
              .map(
                ({ name, state }) =>
                  `${name} ${state ? stateText(state, system.uptime()) : 'is unknown'}`,
              )
              .join(', ')}`,
          };
    },
    explain: () => unitJournal(system, missing),
  };
}
