import { open } from 'node:fs/promises';
import {
  chunkPlaces,
  decodeChunk,
  fileSource,
  readHead,
  releaseBuffer,
} from '@micro-linux/update-image';

/**
 * Decodes and hashes all chunks of an update, several at once, and prints as JSON what it took.
 * A process of its own, because the peak of memory is one number for each process.
 * Usage: node decode-child.ts UPDATE IN_FLIGHT [OUTPUT]
 */
const [update = '', inFlight = '3', output] = process.argv.slice(2);
const source = await fileSource(update);
const head = await readHead(source);
const target = output ? await open(output, 'w') : undefined;

const startedAt = performance.now();
const running: Promise<void>[] = [];
for (const place of chunkPlaces(head)) {
  if (running.length === Number(inFlight)) {
    await running.shift();
  }
  const frame = Buffer.allocUnsafeSlow(place.frameBytes);
  await source.readAt(place.frameOffset, frame);
  running.push(
    decodeChunk(place, frame).then(async (content) => {
      await target?.write(content, 0, content.length, place.offset);
      releaseBuffer(content);
      releaseBuffer(frame);
    }),
  );
}
await Promise.all(running);
const seconds = (performance.now() - startedAt) / 1000;
await target?.close();
await source.close();
process.stdout.write(JSON.stringify({ seconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));
