/** Result of one attempt of a check. */
export interface Finding {
  readonly ok: boolean;
  /** One line in words: the reason why it passed or failed. */
  readonly note: string;
  /** The end of a program's output; empty for checks that run none. */
  readonly output?: string;
}

/** A condition of a healthy boot. */
export interface Check {
  /** Stable: `units`, `health.d/10-name`, `before/route`, … */
  readonly id: string;
  /**
   * Checks once. An exception counts as not ok.
   *
   * @param timeoutMs time limit, for checks that run foreign programs.
   */
  look(timeoutMs: number): Promise<Finding>;
  /** Details of a lasting failure, read once: the last lines of a journal. */
  explain?(): Promise<string>;
}
