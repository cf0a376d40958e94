import { ExitCode } from './exit-codes.ts';
import { MicroLinuxError } from './micro-linux-error.ts';

/**
 * The error for work that was stopped by a signal: code `cancelled`, exit code 130 whichever signal
 * it was.
 */
export function cancelled(message: string): MicroLinuxError {
  return new MicroLinuxError({ code: 'cancelled', message, exitCode: ExitCode.cancelled });
}
