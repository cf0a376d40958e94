import type { Progress, Runner } from '@micro-linux/core';
import type { StepCode } from './code/code-digest.ts';

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
 * One thing to do. A plan is a graph of them, made by pure functions from config and facts; a
 * step's files appear whole or not at all.
 */
export interface Step<Result> {
  /** Names the step in the cache and in build.json. */
  readonly id: string;
  readonly title: string;
  /** What makes the outcome: the step's module and the scripts it runs. */
  readonly code: StepCode;
  /** Steps whose results this one reads: they run before it. */
  readonly needs: readonly Step<unknown>[];
  /** What decides the outcome beside code and needs, as JSON; of a secret at most its digest. */
  readonly inputs: object;
  /**
   * Whether the outcome is kept in the cache under the step's key. Not of a step that holds a secret,
   * nor where making it anew is as quick.
   */
  readonly cached: boolean;
  /**
   * Digest of what the step made, if that is known beforehand: for the steps that need it, it takes
   * the place of its key.
   */
  readonly outcome?: string;
  /**
   * What is done, one line each, for `--dry-run`: commands as one can paste them.
   *
   * @param outputDirectory where the step's outputs will be.
   */
  readonly describe: (outputDirectory: string) => readonly string[];
  readonly run: (context: StepContext) => Promise<void>;
  /** A few words about what the cache had, for the line that says so. */
  readonly cachedNote?: (outputDirectory: string) => Promise<string>;
  /** Names what the step left in its output directory; also used when the cache had it. */
  readonly result: (outputDirectory: string) => Result;
}
