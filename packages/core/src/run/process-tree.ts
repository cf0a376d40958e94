import { readdirSync, readFileSync } from 'node:fs';

/** A process as described by /proc. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Id of its session: the pid of the process that created it. */
  readonly session: number;
  /** Start time in clock ticks since boot: with the pid, it identifies a process uniquely. */
  readonly startTime: string;
  /** It has ended, but its parent has not waited for it yet. */
  readonly ended: boolean;
}

/** The process with this id; undefined when there is none. */
export function readProcess(pid: number | 'self'): ProcessFacts | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/**
 * Reads a line of /proc/PID/stat (proc_pid_stat(5)). The second field is the program's name in
 * parentheses, which may itself contain blanks and parentheses.
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

/** All processes of this pid namespace. */
export function readProcesses(): ProcessFacts[] {
  return readdirSync('/proc').flatMap((name) => {
    const facts = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    return facts ? [facts] : [];
  });
}

/**
 * The processes that belong to `root`: itself, its descendants, and every process in a session that
 * one of them created, even if its parent has ended. Zombies are left out.
 *
 * @param known sessions found earlier, whose leaders may have ended.
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
