import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sampleImage } from '../../test/support/sample-image.ts';
import { compressChunk } from '../write/compress-chunk.ts';
import { decodeChunk } from './decode-chunk.ts';
import { releaseBuffer } from './release-buffer.ts';

// Needs its own worker: it measures the memory of its process.
test('the memory of decoded chunks does not accumulate', async () => {
  const content = sampleImage(1024 * 1024);
  const frame = await compressChunk(content, 1);
  const place = {
    ...{ index: 0, offset: 0, bytes: content.length, frameOffset: 0 },
    ...{ frameBytes: frame.length, frameSha256: hash('sha256', frame) },
    sha256: hash('sha256', content),
  };
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 40; round += 1) {
    const chunk = await decodeChunk(place, frame);
    releaseBuffer(chunk);
    expect(chunk).toHaveLength(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * content.length);
  }
});

test('leaves buffers alone that share their memory', () => {
  const [one, other] = [Buffer.from('one'), Buffer.from('other')];
  expect(one.buffer).toBe(other.buffer);
  releaseBuffer(one);
  expect(`${one} ${other}`).toBe('one other');
});

test('releases a buffer that has a whole slab to itself', () => {
  const piece = Buffer.alloc(Buffer.poolSize);
  releaseBuffer(piece);
  expect(piece).toHaveLength(0);
});
