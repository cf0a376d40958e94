import type { ChunkPlace } from '@micro-linux/update-image';
import { expect, it } from 'vitest';
import { imageParts } from './image-parts.ts';

/** Chunks of 10 bytes whose frames have 3, the last one shorter. */
const chunk = (index: number, bytes = 10): ChunkPlace => ({
  index,
  offset: index * 10,
  bytes,
  frameOffset: 100 + index * 3,
  frameBytes: 3,
  frameSha256: '',
  sha256: '',
});

/** A part in short: its chunks, its place in the slot, its frames. */
const brief = (chunks: readonly ChunkPlace[], most: number) =>
  imageParts(chunks, most).map(
    (part) =>
      `${part.chunks.map(({ index }) => index).join()} at ${part.offset}+${part.bytes}, frames ${part.frameOffset}+${part.frameBytes}`,
  );

it('joins chunks that follow one another', () => {
  expect(brief([chunk(0), chunk(1), chunk(2), chunk(3), chunk(4, 7)], 2)).toEqual([
    '0,1 at 0+20, frames 100+6',
    '2,3 at 20+20, frames 106+6',
    '4 at 40+7, frames 112+3',
  ]);
});

it('does not join chunks across a gap', () => {
  expect(brief([chunk(0), chunk(2), chunk(3)], 3)).toEqual([
    '0 at 0+10, frames 100+3',
    '2,3 at 20+20, frames 106+6',
  ]);
});

it('makes one part per chunk with a limit of one', () => {
  expect(brief([chunk(0), chunk(1)], 1)).toEqual([
    '0 at 0+10, frames 100+3',
    '1 at 10+10, frames 103+3',
  ]);
});

it('returns no parts for no chunks', () => {
  expect(imageParts([], 2)).toEqual([]);
});
