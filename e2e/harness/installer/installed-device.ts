import { mkdtemp, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { type FirmwareKind, prepareFirmware } from 'micro-linux/vm/firmware';
import { ROOT } from '../cli/micro-linux.ts';
import { Device } from '../device/device.ts';
import type { Installer } from './make-installer.ts';

export interface InstalledDeviceOptions {
  /** Names the console log. */
  readonly name: string;
  readonly firmware: FirmwareKind;
  /** qcow2 that was installed to; it stays. */
  readonly disk: string;
  /** Whose build made the login. */
  readonly installer: Installer;
  /** A disk with updates; an empty one by default. */
  readonly media?: string;
  readonly scratch: string;
  /** Of a sector of the disk; 512 by default. */
  readonly logicalBlockBytes?: 4096;
  /** More arguments of QEMU. */
  readonly extra?: readonly string[];
  /** Ids of network cards whose cable is out from the start. */
  readonly unplugged?: readonly string[];
}

async function installedDevice(options: InstalledDeviceOptions): Promise<Device> {
  const { name, firmware, disk, installer, scratch, media, ...more } = options;
  const directory = await mkdtemp(join(scratch, 'i-'));
  const { user, password } = await readCredentials(join(installer.artifacts, 'credentials.txt'));
  const device = await Device.on({
    stages: {
      directory,
      media: media ?? (await emptyDisk(directory)),
      login: { user, password, identity: installer.identity },
      devices: {},
    },
    name: `installed-${name}-${firmware}`,
    logDirectory: join(ROOT, 'artifacts/logs'),
    firmware: await prepareFirmware(firmware, directory),
    disk,
    ...more,
  });
  try {
    await device.powerOn();
    await device.chooses('A confirmed');
    await device.comesUp();
    return device;
  } catch (error) {
    await device.dispose();
    throw error;
  }
}

/**
 * Boots what was installed, without the medium, in another machine; calls `tell` when it is up and
 * somebody is logged in, and shuts it down.
 */
export async function onInstalled<T>(
  options: InstalledDeviceOptions,
  tell: (device: Device) => Promise<T>,
): Promise<T> {
  const device = await installedDevice(options);
  try {
    const told = await tell(device);
    await device.powerOff();
    return told;
  } finally {
    await device.dispose();
  }
}

async function emptyDisk(directory: string): Promise<string> {
  const path = join(directory, 'empty.img');
  await writeFile(path, '');
  await truncate(path, MIB);
  return path;
}
