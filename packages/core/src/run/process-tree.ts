import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc has it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Id of its session: the pid of the process that began it. */
  readonly session: number;
  /** Clock ticks since the machine's start: with the pid, it names one process for good. */
  readonly startTime: string;
  /** It has ended, and its parent has not asked how. */
  readonly ended: boolean;
}

/** One process by its id; undefined when there is none. */
export function readProcess(pid: number | 'self'): ProcessFacts | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/**
 * Reads a line of /proc/PID/stat (proc_pid_stat(5)). The second field is the program's name in
 * parentheses, which may itself hold blanks and parentheses.
 */
export function parseStat(text: string): ProcessFacts | undefined {
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const [state, parent, , session, ...rest] = text.slice(nameEnd + 2).split(' ');
  // Field 22; `rest` begins with field 7.
  const startTime = rest[15];
  if (nameEnd < 0 || Number.isNaN(pid) || startTime === undefined) {
    return undefined;
  }
  return {
    pid,
    parent: Number(parent),
    session: Number(session),
    startTime,
    ended: state === 'Z' || state === 'X',
  };
}

/** Every process of this pid namespace. */
export function readProcesses(): ProcessFacts[] {
  return readdirSync('/proc').flatMap((name) => {
    const facts = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    return facts ? [facts] : [];
  });
}

/**
 * The processes that belong to `root`: itself, its descendants, and whatever is in a session that
 * one of them began, also when its parent has ended. Ended processes are left out.
 *
 * @param known sessions found earlier, whose first process may be gone by now.
 */
export function treeOf(
  root: number,
  processes: readonly ProcessFacts[],
  known: Iterable<number> = [],
): ProcessFacts[] {
  const members = new Set([root]);
  const sessions = new Set([root, ...known]);
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent, session } of processes) {
      if (members.has(parent) || sessions.has(session)) {
        members.add(pid);
        if (pid === session) {
          sessions.add(session);
        }
      }
    }
  }
  return processes.filter(({ pid, ended }) => members.has(pid) && !ended);
}
