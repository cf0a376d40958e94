import { expect, test } from 'vitest';
import { Limit, MANIFEST_HEADER, readVerifiedHead, type UpdateSource } from '../src/index.ts';
import { SkippableMagic, skippableFrame } from '../src/zstd/skippable-frame.ts';
import { pipeOf } from './support/buffer-source.ts';
import { testKey, trusting } from './support/sample-update.ts';

const MANIFEST = Buffer.alloc(4 * 1024 * 1024, ' ');
MANIFEST.write(MANIFEST_HEADER);
const FRAME = skippableFrame(SkippableMagic.manifest, MANIFEST);

test('reports progress while it reads a long head', async () => {
  expect(MANIFEST.length).toBeLessThan(Limit.manifestBytes);
  let signs = 0;
  const alive = () => {
    signs += 1;
  };
  const reading = readVerifiedHead(pipeOf(FRAME, 64 * 1024), trusting(testKey()), { alive });
  // Nothing follows the manifest.
  await expect(reading).rejects.toMatchObject({ code: 'update-truncated' });
  expect(signs).toBeGreaterThan(10);
});

test('a signal during the signature check stops reading', async () => {
  const controller = new AbortController();
  const signatures = Buffer.from('micro-linux update signatures 1\n{"signatures":[]}\n');
  const head = Buffer.concat([FRAME, skippableFrame(SkippableMagic.signatures, signatures)]);
  const source = pipeOf(head, 64 * 1024);
  const readAt: UpdateSource['readAt'] = async (offset, target, signal) => {
    await source.readAt(offset, target, signal);
    if (offset + target.length === head.length) {
      // Like a signal that arrives while the event loop is busy.
      setImmediate(() => controller.abort(new Error('stopped')));
    }
  };
  const reading = readVerifiedHead({ ...source, readAt }, trusting(testKey()), controller);
  await expect(reading).rejects.toThrow('stopped');
});
