import { DevicePath, MicroLinuxError, type Runner, run, SlotPath } from '@micro-linux/core';
import type { System, SystemPaths } from './system.ts';

const MOUNT = '/usr/bin/mount';

/** A remount flushes at most a few sectors; a disk that takes longer has gone. */
const MOUNT_TIMEOUT_MS = 30_000;

const DEVICE_PATHS: SystemPaths = {
  esp: DevicePath.esp,
  bootInfo: DevicePath.bootInfo,
  cmdline: '/proc/cmdline',
  imageInfo: SlotPath.imageInfo,
};

/** The device itself. The runner and the paths are parameters so that a test can watch. */
export function realSystem(runner: Runner = run, paths: SystemPaths = DEVICE_PATHS): System {
  const remount = (mode: 'rw' | 'ro') =>
    runner(MOUNT, ['-o', `remount,${mode}`, paths.esp], { timeoutMs: MOUNT_TIMEOUT_MS });
  return {
    paths,
    async withWritableEsp(action) {
      try {
        await remount('rw');
      } catch (cause) {
        throw unwritable(paths.esp, cause);
      }
      try {
        return action();
      } finally {
        // Everything was synced by the write itself: a mount that stays writable is no failure.
        await remount('ro').catch(() => undefined);
      }
    },
  };
}

function unwritable(esp: string, cause: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'esp-unwritable',
    message: `${esp} cannot be made writable`,
    why: cause instanceof MicroLinuxError ? (cause.why ?? cause.message) : String(cause),
    hint: 'run it as root; if you did: systemctl status boot-efi.mount; dmesg',
    cause,
  });
}
