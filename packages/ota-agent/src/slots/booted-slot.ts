import { readFileSync } from 'node:fs';
import { isSlot, MicroLinuxError, SLOTS, type Slot, slotPartition } from '@micro-linux/core';
import { type MountedPartition, mountedPartition } from '../system/mounted-partition.ts';
import type { System } from '../system/system.ts';

/** The running slot. */
export interface BootedSlot {
  readonly slot: Slot;
  /** Why GRUB chose it, from the kernel command line; undefined when missing. */
  readonly reason: string | undefined;
  /** The slot that GRUB could not start in this same boot. */
  readonly skipped: Slot | undefined;
}

/**
 * The slot that runs, according to two independent sources: the kernel (which partition is mounted
 * as the root) and GRUB (which slot it put on the command line).
 *
 * @throws MicroLinuxError `booted-slot-unknown` when one of them is missing, `booted-slot-mismatch`
 *   when they disagree, `wrong-disk` when the ESP is not on the root's disk. In these cases nothing
 *   may be written.
 */
export function bootedSlot(system: System): BootedSlot {
  const { cmdline, esp, mounts } = system.paths;
  const root = mountedPartition(system.paths, '/');
  const mounted = SLOTS.find((slot) => slotPartition(slot).number === root?.number);
  const words = readOr(cmdline).trim().split(/\s+/);
  const chosen = lastValue(words, 'micro_linux.slot');
  if (!root || !mounted || !isSlot(chosen)) {
    throw new MicroLinuxError({
      code: 'booted-slot-unknown',
      message: 'cannot determine which slot runs',
      why: [
        ...(mounted ? [] : [`the root is ${root ? root.device : `no partition (${mounts})`}`]),
        ...(isSlot(chosen) ? [] : [`${cmdline} has no micro_linux.slot=A or B`]),
      ].join('\n'),
      hint: 'was this system started by its own boot menu, and is it a micro-linux device?',
    });
  }
  if (mounted !== chosen) {
    throw new MicroLinuxError({
      code: 'booted-slot-mismatch',
      message: `GRUB chose slot ${chosen}, but slot ${mounted} is mounted (${root.device})`,
      why: `${mounts} and ${cmdline} disagree; nothing was written`,
      hint: 'look for a second disk with the same partitions: lsblk -o NAME,PARTLABEL,PARTUUID',
      details: { chosen, mounted },
    });
  }
  refuseOtherDisk(esp, mountedPartition(system.paths, esp), root);
  const skipped = lastValue(words, 'micro_linux.skipped');
  return {
    slot: mounted,
    reason: lastValue(words, 'micro_linux.boot'),
    skipped: isSlot(skipped) ? skipped : undefined,
  };
}

/** Marks must be written to the booted disk, and an fstab can mount another disk's ESP. */
function refuseOtherDisk(
  place: string,
  esp: MountedPartition | undefined,
  root: MountedPartition,
): void {
  if (esp && esp.disk !== root.disk) {
    throw new MicroLinuxError({
      code: 'wrong-disk',
      message: `${place} is ${esp.device}, but the root is ${root.device}`,
      why: 'GRUB of the disk that was booted would never read what is written there',
      hint: `remove ${place} from /etc/fstab, unplug ${esp.disk} if it is a copy, and reboot`,
      details: { esp: esp.device, root: root.device },
    });
  }
}

/** The last one counts, as for the kernel. */
function lastValue(words: readonly string[], name: string): string | undefined {
  return words.findLast((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
