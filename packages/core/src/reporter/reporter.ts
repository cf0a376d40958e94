/** Progress of a step; any field may be left out. */
export interface Progress {
  /** The current activity, in a few words. */
  readonly message?: string;
  /** Fraction done, 0 to 1. */
  readonly fraction?: number;
}

/** One step on the screen; exactly one of `done`, `cached`, `failed` ends it. */
export interface StepReporter {
  progress(progress: Progress): void;
  /** Ends the step successfully; `note` follows its title. */
  done(note?: string): void;
  /** Ends a step that had nothing to do because its inputs did not change. */
  cached(note?: string): void;
  failed(): void;
}

/**
 * The only output to the user outside bin files. Progress goes to standard error, so that standard
 * output contains only the result.
 */
export interface Reporter {
  info(message: string): void;
  warn(message: string): void;
  step(title: string): StepReporter;
  /** The outcome: `human` for people, `data` as one JSON object for machines. */
  result(human: string, data: object): void;
}
