import type { Runner } from '@micro-linux/core';

/** Shared input of all parts of the stand-in archive. */
export interface Toolbox {
  readonly run: Runner;
  /** Aborting ends every running program. */
  readonly signal: AbortSignal | undefined;
  /** A directory for temporary files; the creator of the toolbox removes it. */
  readonly scratch: string;
}
