import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sampleImage } from '../../test/support/sample-image.ts';
import { compressChunk } from '../write/compress-chunk.ts';
import { checkFrame } from './check-frame.ts';

test('accepts a frame only exactly as it was signed', async () => {
  const content = sampleImage(70_000);
  const frame = await compressChunk(content, 3);
  const place = {
    ...{ index: 2, offset: 140_000, bytes: content.length, frameOffset: 1000 },
    ...{ frameBytes: frame.length, frameSha256: hash('sha256', frame) },
    sha256: hash('sha256', content),
  };
  expect(() => checkFrame(place, frame)).not.toThrow();
  const other = Buffer.from(frame);
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
  for (const bad of [other, frame.subarray(1), Buffer.concat([frame, Buffer.alloc(1)])]) {
    expect(() => checkFrame(place, bad)).toThrow(
      expect.objectContaining({
        code: 'chunk-corrupt',
        details: expect.objectContaining({ chunk: 2 }),
      }),
    );
  }
});
