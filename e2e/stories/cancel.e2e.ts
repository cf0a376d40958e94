import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('a cancelled build');

/** How many builds are cancelled; MICRO_LINUX_CANCEL_ROUNDS=30 takes 15 minutes. */
const ROUNDS = Number(process.env['MICRO_LINUX_CANCEL_ROUNDS'] ?? 2);
/** Milliseconds within which each is cancelled: a build takes longer. */
const LATEST_MS = Number(process.env['MICRO_LINUX_CANCEL_LATEST_MS'] ?? 12_000);

/** CI's two rounds take the first two. */
const VERBS = ['rootfs', 'build', 'iso', 'update', 'qcow2'] as const;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

describe.skipIf(skipped !== undefined)('a build that is cancelled', () => {
  let scratch: string;
  let temporary: string;
  beforeAll(async () => {
    scratch = await makeScratch('cancel');
    temporary = join(scratch, 'tmp');
    await mkdir(temporary, { mode: 0o755 });
  });
  afterAll(() => removeScratch(scratch));

  /** Starts a build with folders of its own and cancels it; what it said, and how it ended. */
  async function cancelled(verb: string, signals: readonly NodeJS.Signals[], afterMs: number) {
    const child = spawn(
      join(ROOT, 'micro-linux'),
      [verb, '--profile', 'bookworm', '--fresh', '--artifacts', join(scratch, 'artifacts')],
      {
        env: { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: join(scratch, 'cache') },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes;
    });
    const ended = once(child, 'close');
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    for (const signal of signals) {
      child.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [status, signal] = await ended;
    return { how: status ?? signal, said };
  }

  /** Folders, files and programs of this story's builds. */
  async function leftovers(): Promise<string[]> {
    const inside = async (path: string) =>
      (await readdir(path).catch(() => [])).map((name) => join(path, name));
    const cache = await inside(join(scratch, 'cache/micro-linux'));
    const shelves = (await Promise.all(cache.map(inside))).flat();
    const artifacts = await inside(join(scratch, 'artifacts'));
    return [
      ...(await inside(temporary)),
      ...shelves.filter((path) => path.includes('/.new-')),
      ...artifacts.filter((path) => !path.endsWith('build.log')),
      ...(await programs()),
    ];
  }

  /** Command lines of programs whose temporary directory is this story's. */
  async function programs(): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(
      pids.map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
        return environment.includes(`=${temporary}`)
          ? [await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => pid)]
          : [];
      }),
    );
    return found.flat();
  }

  it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    'at a random moment leaves nothing (%i)',
    async (round) => {
      const signal = SIGNALS[round % SIGNALS.length] ?? 'SIGINT';
      const afterMs = Math.round(1500 + Math.random() * LATEST_MS);
      const verb = VERBS[round % VERBS.length] ?? 'build';
      const { how, said } = await cancelled(verb, [signal], afterMs);
      const where = `${verb}, ${signal} after ${afterMs} ms`;
      expect({ how, said }, where).toMatchObject({
        how: 130,
        said: expect.stringContaining(`error[cancelled]: cancelled by ${signal}`),
      });
      expect(await leftovers(), where).toEqual([]);
    },
  );

  it('by two signals leaves no programs, and the next run removes its folders', async () => {
    const afterMs = Math.round(8000 + Math.random() * LATEST_MS * 0.3);
    const { how } = await cancelled('rootfs', ['SIGTERM', 'SIGTERM'], afterMs);
    expect(how).toBe(130);
    expect(await programs()).toEqual([]);
    await cancelled('rootfs', ['SIGINT'], 5000);
    expect(await leftovers()).toEqual([]);
  });

  it('by SIGKILL is cleaned up by the next run, including its programs', async () => {
    const afterMs = Math.round(8000 + Math.random() * LATEST_MS * 0.3);
    await cancelled('rootfs', ['SIGKILL'], afterMs);
    // The lock stays valid for ten seconds.
    await rm(join(scratch, 'artifacts/.build.lock'), { recursive: true, force: true });
    await cancelled('rootfs', ['SIGINT'], 5000);
    expect(await leftovers()).toEqual([]);
  });
});
