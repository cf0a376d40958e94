import { type EnvBlock, headerOf, usedBytes } from './block.ts';
import { SECTOR_BYTES } from './format.ts';
import { GrubEnvError } from './grubenv-error.ts';

/**
 * The variables that are not completely within the first 512 bytes, in order.
 *
 * @returns names (byte strings); empty if all variables are in the first sector
 */
export function variablesPastFirstSector(block: EnvBlock): readonly string[] {
  const names: string[] = [];
  let end = headerOf(block).length;
  for (const line of block.lines) {
    end += line.raw.length;
    if (line.kind === 'entry' && end > SECTOR_BYTES) {
      names.push(line.name);
    }
  }
  return names;
}

/**
 * Whether a torn write cannot harm this block. GRUB writes it as two writes of one 512-byte sector
 * each, and a sector is written whole or not at all; so the first sector is either all old or all
 * new, and the second contains only padding.
 *
 * Comments count too: GRUB would read past a torn comment, and append the next variable after it.
 */
export function fitsFirstSector(block: EnvBlock): boolean {
  return usedBytes(block) <= SECTOR_BYTES;
}

/**
 * Asserts {@link fitsFirstSector}.
 *
 * @throws GrubEnvError `past-first-sector`, naming the variables beyond it
 */
export function assertInFirstSector(block: EnvBlock): void {
  if (fitsFirstSector(block)) {
    return;
  }
  const past = variablesPastFirstSector(block);
  const what = past.length > 0 ? past.map((name) => JSON.stringify(name)).join(', ') : 'a comment';
  throw new GrubEnvError({
    code: 'past-first-sector',
    message: `the block uses ${usedBytes(block)} bytes, beyond byte ${SECTOR_BYTES}: ${what}`,
    why: 'GRUB writes the block one sector at a time: a power cut in between would tear it',
    hint: 'keep fewer or shorter variables, so that all text is within the first 512 bytes',
    offset: SECTOR_BYTES,
  });
}
