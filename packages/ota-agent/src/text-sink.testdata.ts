import { Writable } from 'node:stream';

/**
 * A standard output or error for tests: everything written goes to `write`. Of a WriteStream the code
 * reads only properties such as `isTTY`, which are undefined here: it is not a terminal.
 */
export function textSink(write: (text: string) => void): NodeJS.WriteStream {
  return new Writable({
    write(chunk, _encoding, done) {
      write(String(chunk));
      done();
    },
  }) as unknown as NodeJS.WriteStream;
}
