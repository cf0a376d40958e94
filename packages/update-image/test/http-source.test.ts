import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import {
  chunkPlaces,
  decodeChunk,
  fileSource,
  frameRanges,
  readVerifiedHead,
  streamSource,
  type UpdateSource,
} from '../src/index.ts';
import { pipeOf } from './support/buffer-source.ts';
import { httpSource } from './support/http-source.ts';
import { sampleUpdate, testKey, trusting } from './support/sample-update.ts';
import { scratchDirectory } from './support/scratch.ts';

/** A web server on this machine, until the test ends. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/update.img`;
}

test('a source that gets read hints needs few requests for many chunks', async () => {
  const key = testKey();
  const { bytes, image } = await sampleUpdate(scratchDirectory(), [key], 2 * 1024 * 1024);
  let requests = 0;
  const url = await serve((request, response) => {
    requests += 1;
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    response.writeHead(206).end(bytes.subarray(Number(from), Number(to) + 1));
  });

  async function readImage(hint: boolean): Promise<number> {
    const source = httpSource(url);
    const { head } = await readVerifiedHead(source, trusting(key));
    const places = chunkPlaces(head);
    requests = 0;
    if (hint) {
      source.willRead(frameRanges(places));
    }
    const chunks: Buffer[] = [];
    for (const place of places) {
      const frame = Buffer.alloc(place.frameBytes);
      await source.readAt(place.frameOffset, frame);
      chunks.push(await decodeChunk(place, frame));
    }
    expect(Buffer.concat(chunks).equals(image)).toBe(true);
    return requests;
  }

  expect(await readImage(false)).toBe(32);
  expect(await readImage(true)).toBe(1);
});

test('an abort ends the wait for a server that does not answer', async () => {
  const asked = Promise.withResolvers<void>();
  const hungUp = Promise.withResolvers<void>();
  const url = await serve((request) => {
    request.socket.on('close', () => hungUp.resolve());
    asked.resolve();
  });
  const controller = new AbortController();
  const reason = new Error('Ctrl-C');
  const reading = readVerifiedHead(httpSource(url), trusting(testKey()), controller);
  await Promise.all([
    expect(reading).rejects.toBe(reason),
    asked.promise.then(() => controller.abort(reason)),
  ]);
  await hungUp.promise;
});

test.each<[string, (directory: string) => Promise<UpdateSource>]>([
  ['a file', async (directory) => fileSource((await sampleUpdate(directory, [testKey()])).file)],
  ['a pipe', async () => pipeOf(Buffer.alloc(1000, 1))],
])('%s is not read once the signal is aborted', async (_, open) => {
  const source = await open(scratchDirectory());
  const reason = new Error('Ctrl-C');
  const target = Buffer.alloc(100);
  const reading = source.readAt(0, target, AbortSignal.abort(reason));
  await expect(reading).rejects.toBe(reason);
  expect(target.equals(Buffer.alloc(100))).toBe(true);
  await source.close();
});

test('an abort ends the wait for a pipe without a writer', async () => {
  const source = streamSource(new Readable({ read: () => undefined }), 'a silent pipe');
  const controller = new AbortController();
  const reason = new Error('Ctrl-C');
  const reading = source.readAt(0, Buffer.alloc(1), controller.signal);
  controller.abort(reason);
  await expect(reading).rejects.toBe(reason);
});
