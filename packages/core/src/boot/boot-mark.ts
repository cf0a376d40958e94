/**
 * `boot_mark` distinguishes disks that are otherwise identical, byte for byte. It consists of a
 * seed, which the agent generates for each block it writes, and a count, which GRUB increments
 * before each boot. GRUB passes the saved value to the kernel, and the initramfs looks for the disk
 * that contains it.
 */

/** Bytes of a seed: 128 bits cannot be guessed. */
export const MARK_SEED_BYTES = 16;

/** Hexadecimal digits in the order in which GRUB counts. */
export const MARK_DIGITS = '0123456789abcdef';

/** A mark as a regular expression for JavaScript and GRUB: seed, high and low digit. */
export const MARK_PATTERN = `^([0-9a-f]{${2 * MARK_SEED_BYTES}})-([0-9a-f])([0-9a-f])$`;

/** The seed in every new disk image: images are identical from build to build. */
export const FACTORY_MARK = bootMark(new Uint8Array(MARK_SEED_BYTES));

/**
 * The blocks with a mark, as `micro_linux.mark=BLOCK:MARK` names them: files in /grub on the ESP.
 */
export const MarkedBlock = { env: 'grubenv', copy: 'grubenv.copy' } as const;

/** Value of `micro_linux.mark=` when GRUB found no valid block. */
export const NO_MARK = 'none';

/** The mark that begins with `seed`, {@link MARK_SEED_BYTES} random bytes. */
export function bootMark(seed: Uint8Array): string {
  return `${Array.from(seed, (byte) => byte.toString(16).padStart(2, '0')).join('')}-00`;
}

/** Whether a value of `boot_mark` is valid. */
export function isBootMark(text: string | undefined): text is string {
  return text !== undefined && new RegExp(MARK_PATTERN).test(text);
}

/** The mark after GRUB saves once more; `00` follows `ff`. A damaged one starts over. */
export function nextMark(text: string | undefined): string {
  const [seed, count] = (isBootMark(text) ? text : FACTORY_MARK).split('-');
  const next = (Number.parseInt(count ?? '0', 16) + 1) % 256;
  return `${seed}-${next.toString(16).padStart(2, '0')}`;
}
