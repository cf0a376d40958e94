import { uptime } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import {
  DevicePath,
  MicroLinuxError,
  type Runner,
  run,
  runGroup,
  SlotPath,
} from '@micro-linux/core';
import { connect } from './connect.ts';
import { espDevice, slotDevice } from './own-partition.ts';
import { requireEsp } from './require-esp.ts';
import type { System, SystemPaths } from './system.ts';

const MOUNT = '/usr/bin/mount';
const SYSTEMCTL = '/usr/bin/systemctl';

/** A remount flushes at most a few sectors; a disk that takes longer than this hangs. */
const MOUNT_TIMEOUT_MS = 120_000;
/** systemd confirms a shutdown at once; if it hangs later, the watchdog restarts the machine. */
const REBOOT_TIMEOUT_MS = 60_000;

const DEVICE_PATHS: SystemPaths = {
  esp: DevicePath.esp,
  bootInfo: DevicePath.bootInfo,
  dataNotes: DevicePath.dataNotes,
  cmdline: '/proc/cmdline',
  imageInfo: SlotPath.imageInfo,
  state: '/var/lib/ota-agent',
  run: '/run/ota-agent',
  config: ['/etc/ota-agent', '/run/ota-agent', '/usr/lib/ota-agent'],
  mounts: '/proc/self/mountinfo',
  swaps: '/proc/swaps',
  sysBlock: '/sys/class/block',
  zfsPools: '/proc/spl/kstat/zfs',
  sysDevBlock: '/sys/dev/block',
  efi: '/sys/firmware/efi',
  bootId: '/proc/sys/kernel/random/boot_id',
  routes: ['/proc/net/route', '/proc/net/ipv6_route'],
  pstore: ['/var/lib/systemd/pstore', '/sys/fs/pstore'],
  watchdogs: '/sys/class/watchdog',
  bootloader: SlotPath.bootloader,
  efivars: '/sys/firmware/efi/efivars',
  etcChanges: '/data/etc/upper',
  etcOfImage: '/data/micro-linux/image-etc',
};

/** The real device. The runner and the paths are parameters for tests. */
export function realSystem(runner: Runner = run, paths: Partial<SystemPaths> = {}): System {
  const places = { ...DEVICE_PATHS, ...paths };
  const remount = (mode: 'rw' | 'ro') =>
    runner(MOUNT, ['-o', `remount,${mode}`, places.esp], { timeoutMs: MOUNT_TIMEOUT_MS });
  return {
    paths: places,
    run: runner,
    runGroup,
    now: () => new Date(),
    uptime,
    pause: setTimeout,
    connect,
    isRoot: () => process.geteuid?.() === 0,
    slotDevice: (slot) => slotDevice(places, slot),
    espDevice: () => espDevice(places),
    async withWritableEsp(action) {
      requireEsp(places);
      try {
        await remount('rw');
      } catch (cause) {
        throw unwritable(places.esp, cause);
      }
      try {
        return action();
      } finally {
        // The write itself has synced everything: a mount that stays writable is not a failure.
        await remount('ro').catch(() => undefined);
      }
    },
    async reboot() {
      await runner(SYSTEMCTL, ['reboot'], { timeoutMs: REBOOT_TIMEOUT_MS });
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
