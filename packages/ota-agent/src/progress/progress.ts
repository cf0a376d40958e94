/** Reports the progress of an apply. */
export interface Progress {
  /**
   * Begins a step; exactly one of its `done` and `failed` ends it.
   *
   * @param id stable, for programs.
   * @param title for people.
   */
  step(id: string, title: string): StepProgress;
}

export interface StepProgress {
  /** How much of the step's work is done, in bytes; may be called often. */
  advance(doneBytes: number, totalBytes: number): void;
  done(note?: string): void;
  failed(): void;
}

/** Shows nothing. */
export const NO_PROGRESS: Progress = {
  step: () => ({ advance: () => undefined, done: () => undefined, failed: () => undefined }),
};

/** Output and clock of every kind of progress. */
export interface ProgressEdge {
  readonly stream: NodeJS.WriteStream;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Values of `--progress`. */
export const PROGRESS_MODES = ['auto', 'bar', 'plain', 'json', 'none'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** Resolves `auto`: a bar on a terminal, plain lines in a log, nothing with `--json`. */
export function resolveMode(
  mode: ProgressMode,
  where: { readonly terminal: boolean; readonly json: boolean },
): Exclude<ProgressMode, 'auto'> {
  if (mode !== 'auto') {
    return mode;
  }
  if (where.json) {
    return 'none';
  }
  return where.terminal ? 'bar' : 'plain';
}
