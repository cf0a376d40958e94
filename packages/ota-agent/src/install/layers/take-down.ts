import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { System } from '../../system/system.ts';
import type { TakeDownStep } from './plan-take-down.ts';
import { ZPOOL } from './read-pools.ts';

const DMSETUP = '/usr/sbin/dmsetup';
const MULTIPATH = '/usr/sbin/multipath';
const WIPEFS = '/usr/sbin/wipefs';
const UDEVADM = '/usr/bin/udevadm';
const TIMEOUT_MS = 120_000;
/** Number of waits, 0.1 s each, until a device is gone: bcache writes back its data first. */
const TRIES = 600;

/**
 * Takes down the layers on a disk, in the order of the plan.
 *
 * @throws MicroLinuxError `install-layer-in-use` for a device that does not disappear; the rest of
 *   the plan is not executed.
 */
export async function takeDown(system: System, steps: readonly TakeDownStep[]): Promise<void> {
  for (const step of steps) {
    await one(system, step);
  }
  await system.run(UDEVADM, ['settle', '--timeout=30'], { timeoutMs: TIMEOUT_MS });
}

async function one(system: System, step: TakeDownStep): Promise<void> {
  const { device } = step;
  switch (step.kind) {
    case 'dm':
      await end(system, device, [DMSETUP, 'remove', '--retry', step.name]);
      return awaitGone(system, device);
    case 'multipath':
      // Its daemon must be informed, or it would create the map again.
      await end(system, device, [MULTIPATH, '-f', step.name]);
      return awaitGone(system, device);
    case 'zfs':
      // Without -f: a pool in use stays.
      return end(system, device, [ZPOOL, 'export', step.name]);
    case 'md':
      // The same as `mdadm --stop`, without mdadm (Documentation/admin-guide/md.rst, array_state).
      await writeTo(device, join(sysfs(system, device), 'md', 'array_state'), 'clear');
      return awaitGone(system, device);
    case 'bcache':
      await stopBcache(system, step);
      return awaitGone(system, device);
    case 'bcache-member':
      return closeBcacheMember(system, device);
    case 'wipe':
      await system.run(WIPEFS, ['--all', '--force', device], { timeoutMs: TIMEOUT_MS });
  }
}

/** Runs the program that ends a device. */
async function end(
  system: System,
  device: string,
  [program = '', ...args]: readonly string[],
): Promise<void> {
  await system.run(program, args, { timeoutMs: TIMEOUT_MS }).catch((cause: unknown) => {
    const missing = cause instanceof MicroLinuxError && cause.code === 'tool-missing';
    throw missing ? cause : stillThere(device, cause);
  });
}

/** Documentation/admin-guide/bcache.rst: first the cache set, so that nothing is attached again. */
async function stopBcache(
  system: System,
  { device, on }: Extract<TakeDownStep, { kind: 'bcache' }>,
): Promise<void> {
  const sets = on.map((member) => join(sysfs(system, member), 'bcache', 'set', 'stop'));
  for (const stop of [...sets, join(sysfs(system, device), 'bcache', 'stop')]) {
    if (existsSync(stop)) {
      await writeTo(device, stop, '1');
    }
  }
}

/**
 * A cache without a backing device, or a backing device without a cache: bcache opens it as soon as
 * it appears.
 */
async function closeBcacheMember(system: System, device: string): Promise<void> {
  const member = join(sysfs(system, device), 'bcache');
  // A cache is closed with its set, so it may be disappearing already.
  for (const stop of [join(member, 'set', 'stop'), join(member, 'stop')]) {
    if (existsSync(stop)) {
      await writeTo(device, stop, '1').catch((cause: unknown) => {
        if (existsSync(member)) {
          throw cause;
        }
      });
    }
  }
  return awaitNot(system, device, () => existsSync(member));
}

function sysfs(system: System, device: string): string {
  return join(system.paths.sysBlock, basename(device));
}

async function writeTo(device: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw stillThere(device, cause);
  }
}

function awaitGone(system: System, device: string): Promise<void> {
  return awaitNot(system, device, () => isThere(system, device));
}

async function awaitNot(system: System, device: string, isOpen: () => boolean): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (!isOpen()) {
      return;
    }
    await system.pause(100);
  }
  throw stillThere(device);
}

/** A stopped RAID may keep an entry without devices until the last user closes it. */
function isThere(system: System, device: string): boolean {
  const below = join(sysfs(system, device), 'slaves');
  return existsSync(below) && readdirSync(below).length > 0;
}

function stillThere(device: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'install-layer-in-use',
    message: `${device} cannot be taken down: something uses it`,
    why: cause instanceof Error ? cause.message : 'it is still there after a minute',
    hint: `end what uses it${device.startsWith('/dev/') ? ` (\`fuser -vm ${device}\` shows it)` : ''}, or install on another disk`,
    exitCode: ExitCode.failed,
    ...(cause === undefined ? {} : { cause }),
  });
}
