import type { Runner } from '@micro-linux/core';

/** What every part of the stand-in archive works with. */
export interface Toolbox {
  readonly run: Runner;
  /** Aborting ends whatever program runs. */
  readonly signal: AbortSignal | undefined;
  /** A directory for temporary files; the creator of the toolbox removes it. */
  readonly scratch: string;
}
