import { MIB } from '@micro-linux/core';
import type { ChunkPlace } from '@micro-linux/update-image';
import { expect, it } from 'vitest';
import { planWrites } from './plan-writes.ts';

const KIB = 1024;

/**
 * This many chunks of this length, whose frames are half as long; every hundredth is not
 * compressed.
 */
function places(count: number, chunkBytes: number): readonly ChunkPlace[] {
  let frameOffset = 500;
  return Array.from({ length: count }, (_, index) => {
    const frameBytes = index % 100 === 99 ? chunkBytes : chunkBytes / 2;
    const place = { index, offset: index * chunkBytes, bytes: chunkBytes, frameOffset, frameBytes };
    frameOffset += frameBytes;
    return { ...place, frameSha256: '', sha256: '' };
  });
}

it('plans far more chunks than a manifest can list', () => {
  // A manifest has room for some 93,000; a call with more than some 120,000 arguments fails.
  const count = 150_000;
  const plan = planWrites({ chunkBytes: 4 * MIB }, places(count, 4 * MIB), new Set());
  expect(plan.parts).toHaveLength(count);
  expect(plan).toMatchObject({
    chunks: count,
    bytes: count * 4 * MIB,
    contentBytes: 4 * MIB,
    frameBytes: 4 * MIB,
  });
});

it('leaves out chunks that are in the slot already, and joins no chunks across such a gap', () => {
  const plan = planWrites({ chunkBytes: MIB }, places(8, MIB), new Set([1, 2, 5]));
  expect(plan.parts.map(({ chunks }) => chunks.map(({ index }) => index))).toEqual([
    [0],
    [3, 4],
    [6, 7],
  ]);
  expect(plan).toMatchObject({ chunks: 5, bytes: 5 * MIB });
});

it.each([
  [
    64 * KIB,
    { lanes: 3, contentBytes: 128 * KIB, contents: 112, syncChunks: 64, noteChunks: 1024 },
  ],
  [MIB, { lanes: 3, contentBytes: 2 * MIB, contents: 7, syncChunks: 4, noteChunks: 64 }],
  [16 * MIB, { lanes: 1, contentBytes: 16 * MIB, contents: 1, syncChunks: 1, noteChunks: 4 }],
])('uses the same memory with chunks of %i bytes', (chunkBytes, expected) => {
  expect(planWrites({ chunkBytes }, places(500, chunkBytes), new Set())).toMatchObject(expected);
});
