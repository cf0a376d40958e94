/**
 * `boot_mark` tells disks apart that are otherwise the same, byte for byte. It is a seed, which the
 * agent generates for each block it writes, and a count, which GRUB raises before each boot. GRUB
 * hands what it saved to the kernel, and the initramfs looks for the disk that holds it.
 */

/** Bytes of a seed: 128 bits cannot be guessed. */
export const MARK_SEED_BYTES = 16;

/** Hexadecimal digits in the order GRUB counts through them. */
export const MARK_DIGITS = '0123456789abcdef';

/** A mark as a regular expression that JavaScript and GRUB understand: seed, high and low digit. */
export const MARK_PATTERN = `^([0-9a-f]{${2 * MARK_SEED_BYTES}})-([0-9a-f])([0-9a-f])$`;

/** What every new disk image holds: images are the same from build to build. */
export const FACTORY_MARK = bootMark(new Uint8Array(MARK_SEED_BYTES));

/** The blocks that hold a mark, as `micro_linux.mark=BLOCK:MARK` names them: files in /grub of the ESP. */
export const MarkedBlock = { env: 'grubenv', copy: 'grubenv.copy' } as const;

/** What `micro_linux.mark=` says when GRUB found no sound block. */
export const NO_MARK = 'none';

/** The mark that begins with `seed`, {@link MARK_SEED_BYTES} random bytes. */
export function bootMark(seed: Uint8Array): string {
  return `${Array.from(seed, (byte) => byte.toString(16).padStart(2, '0')).join('')}-00`;
}

/** Whether a value of `boot_mark` is sound. */
export function isBootMark(text: string | undefined): text is string {
  return text !== undefined && new RegExp(MARK_PATTERN).test(text);
}

/** What GRUB makes of a mark when it saves; after `ff` comes `00`. A damaged one starts over. */
export function nextMark(text: string | undefined): string {
  const [seed, count] = (isBootMark(text) ? text : FACTORY_MARK).split('-');
  const next = (Number.parseInt(count ?? '0', 16) + 1) % 256;
  return `${seed}-${next.toString(16).padStart(2, '0')}`;
}
