import type { System } from '../system/system.ts';

const SYSTEMCTL = '/usr/bin/systemctl';
const JOURNALCTL = '/usr/bin/journalctl';
/** systemd answers in milliseconds; one that does not in this time hangs. */
const TIMEOUT_MS = 20_000;

/** A unit as systemd has it; `load` is `not-found` for one that does not exist. */
export interface UnitState {
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  /** Why it failed, e.g. `exit-code`; `success` otherwise. */
  readonly result: string;
}

/**
 * The states of units, in the order of their names.
 *
 * @throws MicroLinuxError `tool-failed`, `tool-timeout` when systemd does not answer.
 */
export async function unitStates(
  system: System,
  names: readonly string[],
): Promise<readonly UnitState[]> {
  if (names.length === 0) {
    return [];
  }
  const blocks = await showUnits(system, ['LoadState', 'ActiveState', 'SubState', 'Result'], names);
  return names.map((_, index) => {
    const get = (property: string) => blocks[index]?.get(property) ?? '';
    return {
      load: get('LoadState'),
      active: get('ActiveState'),
      sub: get('SubState'),
      // Units that are no services have none.
      result: get('Result') === '' ? 'success' : get('Result'),
    };
  });
}

/** Whether a unit does what it is for. */
export function isActive(state: UnitState): boolean {
  return state.active === 'active' || state.active === 'reloading';
}

/** A state in words: `failed (exit-code)`, `inactive`, `does not exist`. */
export function stateText(state: UnitState): string {
  if (state.load === 'not-found') {
    return 'does not exist';
  }
  return `is ${state.active}${state.result === 'success' ? '' : ` (${state.result})`}`;
}

/** `systemctl show`: one map of properties for each unit or pattern match, in order. */
export async function showUnits(
  system: System,
  properties: readonly string[],
  names: readonly string[],
): Promise<readonly ReadonlyMap<string, string>[]> {
  const { stdout } = await system.run(
    SYSTEMCTL,
    ['show', '--no-pager', `--property=${properties.join(',')}`, '--', ...names],
    { timeoutMs: TIMEOUT_MS },
  );
  return stdout
    .split('\n\n')
    .filter((block) => block.trim() !== '')
    .map(
      (block) =>
        new Map(
          block
            .split('\n')
            .filter((line) => line.includes('='))
            .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        ),
    );
}

/** The last lines of units' journals of this boot; empty when there is none to be had. */
export async function unitJournal(system: System, names: readonly string[]): Promise<string> {
  try {
    const { stdout } = await system.run(
      JOURNALCTL,
      [
        '--boot',
        '--no-pager',
        '--quiet',
        '--output=short-monotonic',
        '--lines=12',
        ...names.map((name) => `--unit=${name}`),
      ],
      { timeoutMs: TIMEOUT_MS },
    );
    return stdout;
  } catch {
    return '';
  }
}
