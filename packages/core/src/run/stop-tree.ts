import { type ProcessFacts, readProcess, readProcesses, treeOf } from './process-tree.ts';

/** Milliseconds that {@link killDescendants} waits for processes to end. */
const KILL_WAIT_MS = 2000;
const KILL_PAUSE_MS = 10;

/**
 * Ends a program with all its children, also those in other process groups, sessions and user
 * namespaces: SIGTERM now, SIGKILL after the grace time, repeated until none is left.
 *
 * @param root pid of the program, a child of this process.
 * @returns a function to call when the program has ended; it kills what is left.
 */
export function stopTree(root: number, graceMs: number): () => void {
  const signalAll = treeSignaller(root);
  signalAll('SIGTERM');
  const kill = () => {
    if (signalAll('SIGKILL') > 0) {
      timer = setTimeout(kill, KILL_PAUSE_MS);
    }
  };
  let timer = setTimeout(kill, graceMs);
  return () => {
    clearTimeout(timer);
    signalAll('SIGKILL');
  };
}

/**
 * Kills every descendant of this process and returns when they have ended: for a process that is
 * about to exit and cannot return to its event loop. A program run by sudo belongs to root and is
 * left alone.
 */
export function killDescendants(): void {
  const signalAll = treeSignaller(process.pid);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < KILL_WAIT_MS && signalAll('SIGKILL') > 0; waited += KILL_PAUSE_MS) {
    Atomics.wait(pause, 0, 0, KILL_PAUSE_MS);
  }
}

/** Signals a tree repeatedly; remembers the sessions in it, whose leaders may have ended. */
function treeSignaller(root: number): (signal: NodeJS.Signals) => number {
  const sessions = new Set<number>();
  const { startTime } = readProcess(root) ?? {};
  return (signal) => {
    // The pid of an ended program may belong to another program by now.
    const processes = readProcesses().filter(
      (one) => one.pid !== root || one.startTime === startTime,
    );
    const tree = treeOf(root, processes, sessions).filter(({ pid }) => pid !== process.pid);
    for (const { pid, session } of tree) {
      if (pid === session) {
        sessions.add(session);
      }
    }
    return tree.filter((one) => send(one, signal)).length;
  };
}

function send({ pid }: ProcessFacts, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It has just ended, or belongs to another user.
    return false;
  }
}
