import { type ErrorInfo, ExitCode, MicroLinuxError } from '@micro-linux/core';

type Facts = Omit<ErrorInfo, 'exitCode'>;

/** The update, or a key, is not acceptable: trying again cannot help. */
export function rejected(facts: Facts): MicroLinuxError {
  return new MicroLinuxError({ ...facts, exitCode: ExitCode.rejected });
}

/** Bytes are missing, damaged or cannot be read: another copy may well do. */
export function failed(facts: Facts): MicroLinuxError {
  return new MicroLinuxError({ ...facts, exitCode: ExitCode.failed });
}

/** The error of `code` for an operating system's error, which says why in its own words. */
export function ioFailure(code: string, message: string, error: unknown): MicroLinuxError {
  return failed({
    code,
    message,
    why: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}
