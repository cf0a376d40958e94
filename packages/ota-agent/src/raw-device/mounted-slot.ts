import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { mountPoints } from './device-users.ts';
import { deviceName } from './read-device-users.ts';

const MOUNT = '/usr/bin/mount';
const UMOUNT = '/usr/bin/umount';
const TIMEOUT_MS = 60_000;
/** `noload`: otherwise even a read-only mount may replay the journal, which writes. */
const OPTIONS = 'ro,noload,nosuid,nodev,noexec';

export interface MountedSlotOptions {
  /** The slot's device. */
  readonly path: string;
  /** The agent's runtime directory; the slot is mounted below it, where only root has access. */
  readonly directory: string;
  readonly run: Runner;
}

/**
 * Mounts a slot without writing to it, and always unmounts it.
 *
 * @throws MicroLinuxError `slot-unmountable`; else what `look` throws.
 */
export async function withMountedSlot<T>(
  { path, directory, run }: MountedSlotOptions,
  look: (root: string) => T | Promise<T>,
): Promise<T> {
  const root = mountPointIn(directory);
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    await run(MOUNT, ['-t', 'ext4', '-o', OPTIONS, path, root], { timeoutMs: TIMEOUT_MS });
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'slot-unmountable',
      message: `${path} cannot be mounted`,
      why: cause instanceof MicroLinuxError ? (cause.why ?? cause.message) : String(cause),
      hint: 'dmesg shows why; is it an ext4 image?',
      details: { device: path },
      cause,
    });
  }
  try {
    return await look(root);
  } finally {
    await unmount(root, run);
  }
}

/** Unmounts a slot that a killed run left mounted. */
export async function unmountLeftover(
  { path, directory, run }: MountedSlotOptions,
  mounts: string,
): Promise<void> {
  const root = mountPointIn(directory);
  if (mountPoints(deviceName(path), mounts).includes(root)) {
    await unmount(root, run);
  }
}

/** If another program (such as a virus scanner) uses it, it is unmounted when that program ends. */
async function unmount(root: string, run: Runner): Promise<void> {
  try {
    await run(UMOUNT, [root], { timeoutMs: TIMEOUT_MS });
  } catch {
    await run(UMOUNT, ['--lazy', root], { timeoutMs: TIMEOUT_MS });
  }
}

const mountPointIn = (directory: string) => join(directory, 'slot');
