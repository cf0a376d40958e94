import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProcess } from './process-tree.ts';
import { run } from './run.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cancel-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const canUnshare =
  spawnSync('unshare', ['--map-root-user', '--pid', '--fork', 'true']).status === 0;
if (!canUnshare) {
  console.warn('SKIPPED: user namespaces cannot be made here (./micro-linux doctor says why)');
}

/** Milliseconds; nothing here takes that long. */
const FAR_MS = 600_000;

/** Appends its own pid to the file with all pids. */
const SAY = 'echo $$ >>"$PIDS"';

/** Runs a shell script until the expected number of pids is there, then cancels it. */
async function cancelled(script: string, count: number, graceMs = 200): Promise<number[]> {
  const file = join(directory, 'pids');
  const pids = () => {
    try {
      return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  };
  const controller = new AbortController();
  const running = run('/bin/sh', ['-c', script], {
    env: { PIDS: file },
    signal: controller.signal,
    graceMs,
  });
  running.catch(() => {});
  await expect.poll(() => pids().length).toBe(count);
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 });
  return pids();
}

function alive(pid: number): boolean {
  const found = readProcess(pid);
  return found !== undefined && !found.ended;
}

describe('a cancelled program', () => {
  test.each([
    ['its children', `${SAY}; sh -c '${SAY}; sleep 600; true' & wait`, 2],
    [
      'its children, which ignore SIGTERM',
      `trap '' TERM; ${SAY}; sh -c '${SAY}; sleep 600; true' & wait; wait`,
      2,
    ],
    [
      'itself alone ignoring SIGTERM, as mmdebstrap does',
      `trap '' TERM; ${SAY}; (trap - TERM; ${SAY.replace('$$', '$(exec sh -c "echo \\$PPID")')}; exec sleep 600); sleep 600`,
      2,
    ],
    ['a child in a session of its own', `${SAY}; setsid sh -c '${SAY}; sleep 600; true' & wait`, 2],
    [
      'an orphan that holds its output',
      `${SAY}; (sh -c '${SAY}; sleep 600; true' &); sleep 600; true`,
      2,
    ],
    [
      'an orphan in a session of its own',
      `${SAY}; setsid sh -c '${SAY}; (sh -c "${SAY.replaceAll('"', '\\"').replaceAll('$', '\\$')}; sleep 600; true" &); sleep 600; true' & wait`,
      3,
    ],
  ])('ends with %s', async (_what, script, count) => {
    const pids = await cancelled(script, count);
    await expect.poll(() => pids.filter(alive)).toEqual([]);
  });

  test.skipIf(!canUnshare)(
    'ends with the programs that it started in a user namespace',
    async () => {
      const inside = `unshare --map-root-user --pid --fork sh -c 'sleep 600 & sleep 600; true'`;
      const pids = await cancelled(`${SAY}; ${inside} & echo $! >>"$PIDS"; wait; wait`, 2);
      await expect.poll(() => pids.filter(alive)).toEqual([]);
      const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
      expect(stdout).not.toContain(inside.slice(0, 40));
    },
  );

  test('may clean up after SIGTERM', async () => {
    const script = `trap 'rm "$PIDS.tree"; exit 1' TERM; : >"$PIDS.tree"; ${SAY}; sleep 600 & wait`;
    await cancelled(script, 1, FAR_MS);
    expect(() => readFileSync(join(directory, 'pids.tree'))).toThrow('ENOENT');
  });

  test('is not started after the cancellation', async () => {
    const file = join(directory, 'made');
    await expect(run('touch', [file], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });
});

test('a program that takes too long is killed with its children', async () => {
  const script = 'sleep 600 & echo $! >"$0.new"; mv "$0.new" "$0"; sleep 600; true';
  const file = join(directory, 'pid');
  // On a busy machine it may not get that far within the first limit.
  for (let timeoutMs = 250; !existsSync(file); timeoutMs *= 2) {
    await expect(
      run('/bin/sh', ['-c', script, file], { timeoutMs, graceMs: 100 }),
    ).rejects.toMatchObject({ code: 'tool-timeout' });
  }
  await expect.poll(() => alive(Number(readFileSync(file, 'utf8')))).toBe(false);
});
