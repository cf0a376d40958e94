/** What one attempt of a check found. */
export interface Finding {
  readonly ok: boolean;
  /** One line for people: what holds, or what does not. */
  readonly note: string;
  /** What a program said, its end; empty for checks that run none. */
  readonly output?: string;
}

/** Something that must hold for a boot to be healthy. */
export interface Check {
  /** Stable: `units`, `health.d/10-name`, `before/route`, … */
  readonly id: string;
  /**
   * Looks once. What it throws counts as not ok.
   *
   * @param timeoutMs how long it may take, for checks that run what others wrote.
   */
  look(timeoutMs: number): Promise<Finding>;
  /** More about a failure that lasts, asked for once: the last lines of a journal. */
  explain?(): Promise<string>;
}
