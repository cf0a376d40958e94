import { join } from 'node:path';
import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { inject } from 'vitest';
import { Device } from '../harness/device/device.ts';
import type { StageName, Stages } from '../harness/device/stage.ts';

/** Whether there are no devices: without QEMU and other programs the stories are skipped. */
export const untold = inject('stages') === null;

export function stages(): Stages {
  const prepared = inject('stages');
  if (!prepared) {
    throw new Error('no stages were prepared');
  }
  return prepared;
}

/** A device of its own for a story: runs version 1.0.0, and a user is logged in. */
export async function awakeDevice(
  firmware: FirmwareKind,
  name: string,
  stageName: StageName = 'healthy',
): Promise<Device> {
  const all = stages();
  const stage = all.devices[firmware]?.[stageName];
  if (!stage) {
    throw new Error(`no device was prepared for ${firmware}`);
  }
  const device = await Device.of(stage, {
    stages: all,
    name: `${name}-${firmware}`,
    logDirectory: join(import.meta.dirname, '../../artifacts/logs'),
  });
  try {
    await device.wake();
    return device;
  } catch (error) {
    await device.dispose();
    throw error;
  }
}

/**
 * Sets a long trial deadline, enough for a busy host: for stories in which no deadline has to pass.
 */
export async function withPatientTrials(device: Device): Promise<Device> {
  const file = '/etc/ota-agent/config.yaml.d/60-patient.yaml';
  const { exitCode, stderr } = await device.root(
    `printf 'trial:\\n  deadlineSeconds: 3600\\n' >${file}`,
  );
  if (exitCode !== 0) {
    throw new Error(`${file} could not be written:\n${stderr}`);
  }
  return device;
}

/** Calls `tell` with an {@link awakeDevice} and removes the device afterwards. */
export async function onDevice<T>(
  firmware: FirmwareKind,
  name: string,
  tell: (device: Device) => Promise<T>,
  stageName: StageName = 'healthy',
): Promise<T> {
  const device = await awakeDevice(firmware, name, stageName);
  try {
    return await tell(device);
  } finally {
    await device.dispose();
  }
}
