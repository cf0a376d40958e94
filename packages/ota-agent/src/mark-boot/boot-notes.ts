import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MicroLinuxError, type Slot } from '@micro-linux/core';
import { writeStateFile } from '../state/state-file.ts';
import type { System } from '../system/system.ts';

/** Records, until the next boot, that the running slot is confirmed: systemd/scripts/end-trial reads it. */
export function noteConfirmed(system: System): void {
  writeStateFile(notePath(system, 'confirmed'), '');
}

/** Records, until the next boot, that somebody condemned the running slot. */
export function noteCondemned(system: System): void {
  writeStateFile(notePath(system, 'condemned'), '');
}

/**
 * Refuses to confirm a slot that somebody condemned in this boot.
 *
 * @throws MicroLinuxError `slot-condemned`.
 */
export function refuseCondemned(system: System, slot: Slot): void {
  const note = notePath(system, 'condemned');
  if (existsSync(note)) {
    throw new MicroLinuxError({
      code: 'slot-condemned',
      message: `slot ${slot} was condemned in this boot: it cannot be confirmed`,
      why: 'ota-agent mark-boot --bad said so; the next boot is the other slot’s',
      hint: `reboot; or undo it: rm ${note}`,
      details: { slot },
    });
  }
}

const notePath = (system: System, name: string) => join(system.paths.run, name);
