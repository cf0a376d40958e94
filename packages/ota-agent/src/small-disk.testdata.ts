import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TestDevice } from './testing.ts';

/** Why small disks are not available on this machine; undefined when they are. */
export const NO_SMALL_DISK =
  spawnSync('unshare', ['-Urm', 'true']).status === 0
    ? undefined
    : 'this user may not make namespaces';

/** A small file system of its own, which can be filled and made read-only. */
export interface SmallDisk {
  readonly path: string;
  /** Fills all free space. */
  fill(): void;
  readOnly(): Promise<void>;
}

/**
 * Makes one: a tmpfs in a mount namespace of an ordinary user, accessed through /proc. It is
 * removed after the test.
 */
export async function smallDisk(bytes: number): Promise<SmallDisk> {
  const child = spawn(
    'unshare',
    ['-Urm', 'sh', '-c', `mount -t tmpfs -o size=${bytes} tmpfs /mnt; echo; ${COMMANDS}`],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.stdin.end());
  await answer(child);
  const path = `/proc/${child.pid}/root/mnt`;
  return {
    path,
    fill: () => fillUp(join(path, 'filler')),
    async readOnly() {
      child.stdin.write('mount -o remount,ro /mnt\n');
      await answer(child);
    },
  };
}

/** Puts the state directory of a device on a disk. */
export function stateOn(device: TestDevice, { path }: SmallDisk): void {
  mkdirSync(join(path, 'state'), { recursive: true, mode: 0o700 });
  rmSync(device.system.paths.state, { recursive: true, force: true });
  symlinkSync(join(path, 'state'), device.system.paths.state);
}

const COMMANDS = 'while read -r command; do $command; echo; done';

async function answer(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }) {
  await once(child.stdout, 'data');
}

function fillUp(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (let size = 1 << 20; size >= 1; ) {
      try {
        writeSync(file, new Uint8Array(size));
      } catch {
        size >>= 1;
      }
    }
  } finally {
    closeSync(file);
  }
}
