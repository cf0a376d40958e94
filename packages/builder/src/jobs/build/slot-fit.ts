import { MIB, MicroLinuxError, type Reporter } from '@micro-linux/core';
import type { Config } from '../../config/config.ts';
import type { SlotDigest } from '../../steps/slot/slot-step.ts';

/** The slot size never changes on a device: above this share of it, updates soon will not fit. */
const WARN_ABOVE = 0.8;

/**
 * Compares the sizes of the slot image and its partition.
 *
 * @throws MicroLinuxError `image-too-large`.
 */
export function checkSlotFits(
  slot: Pick<SlotDigest, 'bytes'>,
  config: Config,
  reporter: Reporter,
): void {
  const { slotBytes } = config.disk;
  const sizes = `${Math.ceil(slot.bytes / MIB)} MiB of ${slotBytes / MIB} MiB`;
  if (slot.bytes > slotBytes) {
    throw new MicroLinuxError({
      code: 'image-too-large',
      message: `the slot image is larger than its slot: ${sizes}`,
      hint: `set disk.slot to ${2 * Math.ceil(slot.bytes / MIB)}M, or install less: ./micro-linux inspect shows what uses the space`,
      details: { imageBytes: slot.bytes, slotBytes },
    });
  }
  if (slot.bytes > slotBytes * WARN_ABOVE) {
    reporter.warn(
      `the slot image fills ${Math.round((slot.bytes / slotBytes) * 100)} % of its slot (${sizes}); ` +
        'devices in the field keep their slot size: leave room for later versions',
    );
  }
}
