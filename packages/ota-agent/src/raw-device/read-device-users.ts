import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SystemPaths } from '../system/system.ts';
import {
  type DeviceName,
  type DeviceUse,
  type DeviceUseFacts,
  deviceUsers,
} from './device-users.ts';

type UsePaths = Pick<SystemPaths, 'mounts' | 'swaps' | 'sysBlock'>;

/** The current uses of a slot's device; empty when there are none. Never throws. */
export function readDeviceUsers(path: string, paths: UsePaths): readonly DeviceUse[] {
  const device = deviceName(path);
  return deviceUsers(device, deviceUseFacts(device, paths));
}

/** The device by its real path and its number. */
export function deviceName(path: string): DeviceName {
  try {
    const real = realpathSync(path);
    const { rdev } = statSync(real);
    return { path: real, number: rdev === 0 ? undefined : deviceNumber(rdev) };
  } catch {
    return { path, number: undefined };
  }
}

function deviceUseFacts(device: DeviceName, paths: UsePaths): DeviceUseFacts {
  return {
    mounts: textOf(paths.mounts),
    swaps: textOf(paths.swaps),
    holders: namesIn(join(paths.sysBlock, basename(device.path), 'holders')),
  };
}

/** Split as by glibc's gnu_dev_major and gnu_dev_minor; undefined beyond 32 bits. */
function deviceNumber(rdev: number): string {
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
