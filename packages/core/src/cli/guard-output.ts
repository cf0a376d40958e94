import { cancelled } from '../errors/cancelled.ts';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';

/** What happened to the output. */
export interface OutputGuard {
  /** Why the result could not be written; undefined if it was, or if the reader closed the pipe. */
  readonly failure: () => MicroLinuxError | undefined;
}

interface Outputs {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Handles errors of standard output and standard error. If the reader has closed the pipe (`|
 * head`), the work is cancelled silently; a full disk is reported when the work is done.
 */
export function guardOutput({ stdout, stderr }: Outputs, controller: AbortController): OutputGuard {
  let failure: MicroLinuxError | undefined;
  const onError = (stream: NodeJS.WritableStream) => (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      controller.abort(cancelled('nobody reads the output any more'));
    } else if (stream === stdout) {
      failure ??= new MicroLinuxError({
        code: 'output-unwritable',
        message: 'the result cannot be written to standard output',
        why: error.message,
        hint: 'send it to a place with room, and run the command again',
        cause: error,
      });
    }
  };
  stdout.on('error', onError(stdout));
  stderr.on('error', onError(stderr));
  return { failure: () => failure };
}
