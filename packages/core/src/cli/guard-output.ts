import { cancelled } from '../errors/cancelled.ts';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';

/** What became of the output. */
export interface OutputGuard {
  /** Why the result could not be written; undefined when it was, or when nobody wanted it. */
  readonly failure: () => MicroLinuxError | undefined;
}

interface Outputs {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Takes the errors of standard output and standard error. A reader that has gone away (`| head`)
 * cancels the work without a word; a full disk is told once the work is done.
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
