import { MicroLinuxError, type Runner } from '@micro-linux/core';
import type { Firmware } from './firmware.ts';
import type { QmpClient } from './qmp.ts';

/**
 * Saves the whole state of a machine (memory, devices, disks) under a name, in its first disk. A
 * machine with the same devices and copies of that disk and the firmware's variables can continue
 * from there: `snapshot` of {@link QemuOptions}. The machine is paused meanwhile.
 *
 * All writable disks must be qcow2, and so must the variables of UEFI ({@link snapshotFirmware}).
 *
 * @throws MicroLinuxError `snapshot-failed`, `qmp-closed`.
 */
export async function saveSnapshot(qmp: QmpClient, name: string): Promise<void> {
  const complaint = (await qmp.human(`savevm ${name}`)).trim();
  if (complaint !== '') {
    throw new MicroLinuxError({
      code: 'snapshot-failed',
      message: `QEMU made no snapshot ${name}`,
      why: complaint,
    });
  }
}

/** Converts firmware variables to a file that supports snapshots, next to the original. */
export async function snapshotFirmware(firmware: Firmware, run: Runner): Promise<Firmware> {
  if (firmware.kind === 'bios') {
    return firmware;
  }
  const variables = `${firmware.variables}.qcow2`;
  await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', firmware.variables, variables]);
  return { ...firmware, variables, variablesFormat: 'qcow2' };
}
