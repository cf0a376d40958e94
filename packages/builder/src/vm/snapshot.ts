import { MicroLinuxError, type Runner } from '@micro-linux/core';
import type { Firmware } from './firmware.ts';
import type { QmpClient } from './qmp.ts';

/**
 * Keeps the whole state of a machine (memory, devices, disks) under a name, in its first disk. A
 * copy of that disk, and of the firmware's variables, goes on from there: `snapshot` of
 * {@link QemuOptions}, in a machine with the same devices. The machine stands still meanwhile.
 *
 * All disks that can be written must be qcow2, and so must be the variables of UEFI
 * ({@link snapshotFirmware}).
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

/** Turns firmware variables into a file that takes snapshots, beside the one it was. */
export async function snapshotFirmware(firmware: Firmware, run: Runner): Promise<Firmware> {
  if (firmware.kind === 'bios') {
    return firmware;
  }
  const variables = `${firmware.variables}.qcow2`;
  await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', firmware.variables, variables]);
  return { ...firmware, variables, variablesFormat: 'qcow2' };
}
