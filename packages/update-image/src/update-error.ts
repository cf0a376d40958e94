import { type ErrorInfo, ExitCode, MicroLinuxError } from '@micro-linux/core';

type Facts = Omit<ErrorInfo, 'exitCode'>;

/** The update, or a key, is not acceptable: a retry cannot help. */
export function rejected(facts: Facts): MicroLinuxError {
  return new MicroLinuxError({ ...facts, exitCode: ExitCode.rejected });
}

/** Bytes are missing, damaged or cannot be read: another copy may help. */
export function failed(facts: Facts): MicroLinuxError {
  return new MicroLinuxError({ ...facts, exitCode: ExitCode.failed });
}

/** An error with this code for an error of the operating system, whose text becomes the reason. */
export function ioFailure(code: string, message: string, error: unknown): MicroLinuxError {
  return failed({
    code,
    message,
    why: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}
