import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readProcess } from '@micro-linux/core';
import { OWNER_VARIABLE, ownerName, ownOwner } from 'micro-linux/system/temporary/owner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('a cancelled build');

/** How many builds are cancelled; MICRO_LINUX_CANCEL_ROUNDS=30 takes 15 minutes. */
const ROUNDS = Number(process.env['MICRO_LINUX_CANCEL_ROUNDS'] ?? 2);
/** Milliseconds within which each is cancelled: a build takes longer. */
const LATEST_MS = Number(process.env['MICRO_LINUX_CANCEL_LATEST_MS'] ?? 12_000);

/** Milliseconds. The kernel ends a killed program when it gets to run. */
const FAR_MS = 600_000;

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

  /** Starts a build with folders of its own. */
  function begin(verb: string) {
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
    const ended = once(child, 'close').then(([status, signal]) => ({
      how: status ?? signal,
      said,
    }));
    return {
      kill: (signal: NodeJS.Signals) => child.kill(signal),
      ended,
      /** Resolves when standard error contains a text. A build that ends before that is an error. */
      says: (text: string) =>
        progress(
          child,
          () => said.includes(text),
          () => `${text}: ${said}`,
        ),
      /** Resolves when the build runs a program of this name. */
      runs: (name: string) =>
        progress(
          child,
          async () => (await programs(child.pid)).some((line) => line.includes(name)),
          () => `${name}: ${said}`,
        ),
    };
  }

  /** Waits as long as the build runs: a busy machine needs longer. */
  async function progress(
    child: ChildProcess,
    done: () => boolean | Promise<boolean>,
    missing: () => string,
  ): Promise<void> {
    while (!(await done())) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the build has ended without ${missing()}`);
      }
      await setTimeout(50);
    }
  }

  /** Starts the build again and cancels it when it has started its own programs. */
  async function nextRun(): Promise<void> {
    const build = begin('rootfs');
    await build.runs('mmdebstrap');
    build.kill('SIGINT');
    expect(await build.ended).toMatchObject({ how: 130 });
  }

  /** Folders, files and programs of this story's builds. */
  async function leftovers(): Promise<string[]> {
    const inside = async (path: string) =>
      (await readdir(path).catch(() => [])).map((name) => join(path, name));
    const cache = await inside(join(scratch, 'cache/micro-linux'));
    const shelves = (await Promise.all(cache.map(inside))).flat();
    const builds = await inside(join(scratch, 'artifacts'));
    const artifacts = (await Promise.all(builds.map(inside))).flat();
    return [
      ...(await inside(temporary)),
      ...shelves.filter((path) => path.includes('/.new-')),
      ...artifacts.filter((path) => !path.endsWith('build.log')),
      ...(await programs()),
    ];
  }

  /** Command lines of programs whose temporary directory is this story's, by default of all builds. */
  async function programs(ofBuild?: number): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const owner =
      ofBuild === undefined
        ? ''
        : `${OWNER_VARIABLE}=${ownerName({ ...ownOwner(), pid: ofBuild, startTime: Number(readProcess(ofBuild)?.startTime) })}\0`;
    const found = await Promise.all(
      pids.map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
        return environment.includes(`=${temporary}`) && environment.includes(owner)
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
      const afterMs = Math.round(Math.random() * LATEST_MS);
      const verb = VERBS[round % VERBS.length] ?? 'build';
      const build = begin(verb);
      await build.says('config: ');
      await setTimeout(afterMs);
      build.kill(signal);
      const { how, said } = await build.ended;
      const where = `${verb}, ${signal} after ${afterMs} ms`;
      expect({ how, said }, where).toMatchObject({
        how: 130,
        said: expect.stringContaining(`error[cancelled]: cancelled by ${signal}`),
      });
      expect(await leftovers(), where).toEqual([]);
    },
  );

  it('by two signals leaves no programs, and the next run removes its folders', async () => {
    const build = begin('rootfs');
    await build.runs('mmdebstrap');
    await setTimeout(Math.random() * LATEST_MS * 0.3);
    build.kill('SIGTERM');
    await build.says('cleaning up');
    build.kill('SIGTERM');
    // SIGKILL is its own, if a call on a file takes too long.
    expect([130, 'SIGKILL']).toContain((await build.ended).how);
    await expect.poll(() => programs(), { timeout: FAR_MS }).toEqual([]);
    await nextRun();
    expect(await leftovers()).toEqual([]);
  });

  it('by SIGKILL is cleaned up by the next run, including its programs', async () => {
    const build = begin('rootfs');
    await build.runs('mmdebstrap');
    await setTimeout(Math.random() * LATEST_MS * 0.3);
    build.kill('SIGKILL');
    await build.ended;
    // The lock stays valid for ten seconds.
    const [name] = await readdir(join(scratch, 'artifacts'));
    await rm(join(scratch, 'artifacts', name ?? '', '.build.lock'), { recursive: true });
    await nextRun();
    expect(await leftovers()).toEqual([]);
  });
});
