import type { Progress, Runner } from '@micro-linux/core';

/** What a running step is given. */
export interface StepContext {
  readonly run: Runner;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** Each command and its output goes here. */
  readonly logFile: string;
  /** An empty directory this step may fill; its outputs are found there afterwards. */
  readonly outputDirectory: string;
  /** For everything else; gone when the build ends. */
  readonly workDirectory: string;
}

/**
 * One thing to do. A plan is a list of them, made by pure functions from config and facts; a
 * step's files appear whole or not at all.
 */
export interface Step<Result> {
  /** Names the step in the cache and in build.json. */
  readonly id: string;
  readonly title: string;
  /**
   * Everything that decides the outcome, as JSON; its digest is the cache key. `undefined` for a
   * step that must not be cached: what it makes differs each time, or holds a secret.
   */
  readonly inputs: object | undefined;
  /** What would be done, one line each, commands as one can paste them: for `--dry-run`. */
  readonly describe: () => readonly string[];
  readonly run: (context: StepContext) => Promise<void>;
  /** A few words about what the cache had, for the line that says so. */
  readonly cachedNote?: (outputDirectory: string) => Promise<string>;
  /** Names what the step left in its output directory; also used when the cache had it. */
  readonly result: (outputDirectory: string) => Result;
}
