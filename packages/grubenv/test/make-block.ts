import { BLOCK_BYTES, HEADER } from '../src/format.ts';

/** Bytes of a block with the one-line header: `text` after it, `#` to the end. */
export function makeBlock(text: string, header: string = HEADER): Buffer {
  return Buffer.from((header + text).padEnd(BLOCK_BYTES, '#'), 'latin1');
}
