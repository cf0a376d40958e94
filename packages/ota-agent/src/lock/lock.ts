import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, limitHint, MicroLinuxError, type Starter, start } from '@micro-linux/core';
import { readRegularFile } from '../state/read-file.ts';
import { prepareLockFile } from './lock-file.ts';

const FLOCK = '/usr/bin/flock';
const CAT = '/usr/bin/cat';
/** Exit status of flock when another process has the lock; cat never exits with it. */
const CONFLICT = 75;
const HELD = 'held\n';

export interface LockOptions {
  /** The runtime directory; made if missing. */
  readonly directory: string;
  /** The work under the lock in a few words, for the error of another process. */
  readonly purpose: string;
  readonly pid: number;
  /** How long to wait for another run to end, in whole seconds; 0 by default. */
  readonly waitSeconds?: number;
  readonly starter?: Starter;
}

/**
 * Runs `action` while no other agent writes. The kernel keeps the lock: flock(1) takes it and
 * becomes a `cat` that runs until our end of its pipe closes, so a killed run does not leave it
 * locked. Nobody else can open the lock file. Ctrl-C does not reach it before the work is done.
 *
 * @throws MicroLinuxError `busy` (exit code 6) with the other run's pid, `lock-failed`; else what
 *   `action` throws.
 */
export async function withLock<T>(options: LockOptions, action: () => Promise<T>): Promise<T> {
  const path = join(options.directory, 'lock');
  try {
    prepareLockFile(options.directory, path);
  } catch (cause) {
    throw lockFailed(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const holder = await (options.starter ?? start)(
    FLOCK,
    [
      ['--timeout', String(options.waitSeconds ?? 0)],
      '--no-fork',
      ['--conflict-exit-code', String(CONFLICT)],
      path,
      CAT,
    ].flat(),
    { terminal: 'pipes' },
  );
  const { pipes } = holder;
  if (!pipes) {
    throw new TypeError('the lock needs pipes');
  }
  // When flock ends at once, nothing reads this: its exit status gives the reason.
  pipes.stdin.on('error', () => undefined);
  pipes.stdin.write(HELD);
  const answered = new Promise<'held'>((resolve) => {
    pipes.stdout.once('data', () => resolve('held'));
  });
  const outcome = await Promise.race([answered, holder.exited]);
  if (outcome !== 'held') {
    throw outcome.exitCode === CONFLICT ? busy(path) : lockFailed(path, outcome.stderr);
  }
  try {
    // Information about the lock, not the lock itself: read only by a process that found it taken.
    writeFileSync(path, `${options.pid} ${options.purpose}\n`);
    return await action();
  } finally {
    pipes.stdin.end();
    await holder.exited;
  }
}

function busy(path: string): MicroLinuxError {
  const [, pid, purpose] = /^(\d+) (.*)\n$/.exec(textOf(path)) ?? [];
  return new MicroLinuxError({
    code: 'busy',
    message: `another ota-agent is running${pid === undefined ? '' : `: process ${pid}`}`,
    why: purpose === undefined ? undefined : `it runs: ${purpose}`,
    hint: 'wait for it to end',
    exitCode: ExitCode.busy,
    details: pid === undefined ? {} : { pid: Number(pid) },
  });
}

function lockFailed(path: string, why: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'lock-failed',
    message: `cannot take the lock ${path}`,
    why,
    hint: limitHint(cause) ?? 'run it as root',
    cause,
  });
}

function textOf(path: string): string {
  try {
    return readRegularFile(path).toString('utf8');
  } catch {
    return '';
  }
}
