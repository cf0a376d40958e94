import { Writable } from 'node:stream';

/**
 * A standard output or error for tests: all that is written goes to `write`. Of a WriteStream our
 * code asks for `isTTY` and such only, which are undefined here: it is no terminal.
 */
export function textSink(write: (text: string) => void): NodeJS.WriteStream {
  return new Writable({
    write(chunk, _encoding, done) {
      write(String(chunk));
      done();
    },
  }) as unknown as NodeJS.WriteStream;
}
