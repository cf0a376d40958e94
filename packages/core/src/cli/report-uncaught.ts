import { renderError, toMicroLinuxError } from '../errors/render.ts';
import { killDescendants } from '../run/stop-tree.ts';

/**
 * An uncaught error (such as the error event of a stream) ends the process like any other error:
 * with a message, with status 1 or its own, and with no program left running.
 */
export function reportUncaught(stderr: NodeJS.WritableStream, signal: AbortSignal): void {
  process.on('uncaughtException', (thrown: unknown) => {
    const error = toMicroLinuxError(signal.aborted ? signal.reason : thrown);
    stderr.write(`${renderError(error)}\n`);
    killDescendants();
    process.exit(error.exitCode);
  });
}
