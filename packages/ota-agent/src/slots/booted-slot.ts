import { readFileSync } from 'node:fs';
import { isSlot, MicroLinuxError, type Slot } from '@micro-linux/core';
import type { System } from '../system/system.ts';

/** What runs. */
export interface BootedSlot {
  readonly slot: Slot;
  /** Why GRUB chose it, as it told the kernel; undefined when it did not. */
  readonly reason: string | undefined;
  /** The slot that GRUB could not start in this same boot. */
  readonly skipped: Slot | undefined;
}

/**
 * The slot that runs, as two witnesses say: the initramfs (it mounted the root) and the kernel
 * command line (GRUB chose it).
 *
 * @throws MicroLinuxError `booted-slot-unknown` when either does not say, `booted-slot-mismatch`
 *   when they disagree. Nothing may be written then.
 */
export function bootedSlot(system: System): BootedSlot {
  const { bootInfo, cmdline } = system.paths;
  const mounted = slotOfBootInfo(readOr(bootInfo));
  const words = readOr(cmdline).trim().split(/\s+/);
  const chosen = lastValue(words, 'micro_linux.slot');
  if (!isSlot(mounted) || !isSlot(chosen)) {
    throw new MicroLinuxError({
      code: 'booted-slot-unknown',
      message: 'cannot tell which slot runs',
      why: [
        isSlot(mounted) ? undefined : `${bootInfo} names no slot`,
        isSlot(chosen) ? undefined : `${cmdline} has no micro_linux.slot=A or B`,
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
      hint: 'was this system started by its own boot menu, and is it a micro-linux device?',
    });
  }
  if (mounted !== chosen) {
    throw new MicroLinuxError({
      code: 'booted-slot-mismatch',
      message: `GRUB chose slot ${chosen}, but slot ${mounted} is mounted`,
      why: `${bootInfo} and ${cmdline} disagree; nothing was written`,
      hint: 'look for a second disk with the same partitions: lsblk -o NAME,PARTLABEL,PARTUUID',
      details: { chosen, mounted },
    });
  }
  const skipped = lastValue(words, 'micro_linux.skipped');
  return {
    slot: mounted,
    reason: lastValue(words, 'micro_linux.boot'),
    skipped: isSlot(skipped) ? skipped : undefined,
  };
}

function slotOfBootInfo(text: string): string | undefined {
  try {
    const info: unknown = JSON.parse(text);
    return typeof info === 'object' && info !== null && 'slot' in info
      ? String(info.slot)
      : undefined;
  } catch {
    return undefined;
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
