import type { System } from '../system/system.ts';

const SYSTEMCTL = '/usr/bin/systemctl';
const JOURNALCTL = '/usr/bin/journalctl';
/** systemd responds in milliseconds; after this time it counts as hung. */
const TIMEOUT_MS = 20_000;

/** State of a unit in systemd; `load` is `not-found` for one that does not exist. */
export interface UnitState {
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  /** Why it failed, e.g. `exit-code`; `success` otherwise. */
  readonly result: string;
  /** How often systemd restarted it after it had ended. */
  readonly restarts: number;
  /** When it last became active, in seconds since the kernel started. */
  readonly activeSince: number;
}

/** A restarted service must have run this long to count as running. */
const STEADY_SECONDS = 10;
const MICROSECONDS = 1_000_000;

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
  const blocks = await showUnits(system, PROPERTIES, names);
  return names.map((_, index) => {
    const get = (property: string) => blocks[index]?.get(property) ?? '';
    return {
      load: get('LoadState'),
      active: get('ActiveState'),
      sub: get('SubState'),
      // Units other than services have none.
      result: get('Result') === '' ? 'success' : get('Result'),
      restarts: Number(get('NRestarts')),
      activeSince: Number(get('ActiveEnterTimestampMonotonic')) / MICROSECONDS,
    };
  });
}

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'NRestarts',
  'ActiveEnterTimestampMonotonic',
];

/**
 * Whether a unit runs: it is active, and not only between two crashes.
 *
 * @param now seconds since the kernel started.
 */
export function isActive(state: UnitState, now: number): boolean {
  return (state.active === 'active' || state.active === 'reloading') && !isUnsteady(state, now);
}

function isUnsteady(state: UnitState, now: number): boolean {
  return state.restarts > 0 && now - state.activeSince < STEADY_SECONDS;
}

/** A state in words: `is failed (exit-code)`, `is inactive`, `does not exist in this image`. */
export function stateText(state: UnitState, now: number): string {
  if (state.load === 'not-found') {
    return 'does not exist in this image';
  }
  if (state.active === 'active' && isUnsteady(state, now)) {
    return `ends again and again (${state.restarts} restarts)`;
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

/** The last lines of units' journals of this boot; empty if there are none. */
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
