import {
  chunkPlaces,
  decodeChunk,
  fileSource,
  readHead,
  releaseBuffer,
} from '@micro-linux/update-image';
import { spent } from './samples.ts';

/**
 * Decodes and hashes all chunks of an update, several at once. Prints as JSON what it took and
 * the memory it needed beyond what the process had before: that peak is one number for each process,
 * so this is a process of its own. Usage: node decode-child.ts UPDATE IN_FLIGHT
 */
const [update = '', inFlight = '3'] = process.argv.slice(2);
const source = await fileSource(update);
const head = await readHead(source);

const startMiB = process.memoryUsage.rss() / 1024 / 1024;
const { wall, cpu } = await spent(async () => {
  const running: Promise<void>[] = [];
  for (const place of chunkPlaces(head)) {
    if (running.length === Number(inFlight)) {
      await running.shift();
    }
    const frame = Buffer.allocUnsafeSlow(place.frameBytes);
    await source.readAt(place.frameOffset, frame);
    running.push(
      decodeChunk(place, frame).then((content) => {
        releaseBuffer(content);
        releaseBuffer(frame);
      }),
    );
  }
  await Promise.all(running);
});
await source.close();
const memoryMiB = process.resourceUsage().maxRSS / 1024 - startMiB;
process.stdout.write(JSON.stringify({ wall, cpu, memoryMiB }));
