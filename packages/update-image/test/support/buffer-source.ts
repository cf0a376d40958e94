import { Readable } from 'node:stream';
import { streamSource, type UpdateSource } from '../../src/index.ts';

/** Bytes as they come through a pipe, in pieces of at most `pieceBytes`. */
export function pipeOf(bytes: Buffer, pieceBytes = 4096): UpdateSource {
  return streamSource(Readable.from(pieces(bytes, pieceBytes), { objectMode: false }), 'pipe');
}

function* pieces(bytes: Buffer, length: number): Generator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += length) {
    yield bytes.subarray(offset, offset + length);
  }
}
