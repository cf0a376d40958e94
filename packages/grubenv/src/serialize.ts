import { type EnvBlock, headerOf, usedBytes } from './block.ts';
import { byteStringToBytes } from './byte-string.ts';
import { BLOCK_BYTES, PADDING } from './format.ts';
import { GrubEnvError } from './grubenv-error.ts';
import { parseBlock } from './parse.ts';

/**
 * The bytes of a block: header, lines, and `#` to the end. Unedited lines are unchanged, so parsing
 * and serializing gives the same bytes.
 *
 * @returns a new buffer of exactly 1024 bytes, which `parseBlock` always accepts
 * @throws GrubEnvError `block-full` if it does not fit, or a `DamageCode` if the block was built by
 *   hand and is invalid
 */
export function serializeBlock(block: EnvBlock): Uint8Array {
  if (usedBytes(block) > BLOCK_BYTES) {
    throw blockFull(usedBytes(block), 'the block');
  }
  const text = headerOf(block) + block.lines.map((line) => line.raw).join('');
  const bytes = byteStringToBytes(text.padEnd(BLOCK_BYTES, PADDING));
  // The boot depends on these bytes, and checking a kilobyte before it is written is cheap.
  parseBlock(bytes);
  return bytes;
}

/** The error for a block above 1024 bytes; grub-editenv: "environment block too small". */
export function blockFull(needed: number, what: string): GrubEnvError {
  return new GrubEnvError({
    code: 'block-full',
    message: `environment block too small: ${what} needs ${needed} of ${BLOCK_BYTES} bytes`,
    why: 'the size of the block is fixed, because GRUB cannot grow a file; nothing was changed',
    hint: 'unset a variable that is no longer needed, or use shorter values',
  });
}
