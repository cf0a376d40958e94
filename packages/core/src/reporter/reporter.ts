/** How far a step is: any field may be left out. */
export interface Progress {
  /** What is being done right now, a few words. */
  readonly message?: string;
  /** Fraction done, 0 to 1. */
  readonly fraction?: number;
}

/** One step on the screen; exactly one of `done`, `cached`, `failed` ends it. */
export interface StepReporter {
  progress(progress: Progress): void;
  /** Ends the step well; `note` stands behind its title. */
  done(note?: string): void;
  /** Ends a step that had nothing to do because its inputs did not change. */
  cached(note?: string): void;
  failed(): void;
}

/**
 * The only way anything but a bin file speaks to the user. Progress goes to standard error, so
 * that standard output holds the result alone.
 */
export interface Reporter {
  info(message: string): void;
  warn(message: string): void;
  step(title: string): StepReporter;
  /** The outcome: `human` for people, `data` as one JSON object for machines. */
  result(human: string, data: object): void;
}
