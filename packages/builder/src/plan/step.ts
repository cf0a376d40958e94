import type { Progress, Runner } from '@micro-linux/core';
import type { StepCode } from './code/code-digest.ts';

/** What a running step gets. */
export interface StepContext {
  readonly run: Runner;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** Gets each command and its output. */
  readonly logFile: string;
  /** An empty directory for the step's outputs. */
  readonly outputDirectory: string;
  /** For temporary files; removed when the build ends. */
  readonly workDirectory: string;
}

/**
 * One unit of work. A plan is a graph of steps, made by pure functions from config and facts. A
 * step's files appear whole or not at all.
 */
export interface Step<Result> {
  /** Names the step in the cache and in build.json. */
  readonly id: string;
  readonly title: string;
  /** The code of the step: its module and the scripts it runs. */
  readonly code: StepCode;
  /** Steps whose results this one reads. They run first. */
  readonly needs: readonly Step<unknown>[];
  /** All other inputs that affect the outcome, as JSON. Contains a secret only as a digest. */
  readonly inputs: object;
  /**
   * Whether to cache the outcome under the step's key. Not if it contains a secret, or if running
   * the step again is as quick.
   */
  readonly cached: boolean;
  /**
   * Digest of the step's result, if known in advance. It replaces the key for the steps that need
   * this one.
   */
  readonly outcome?: string;
  /**
   * What the step does, as commands to paste, one per line, for `--dry-run`.
   *
   * @param outputDirectory where the step's outputs will be.
   */
  readonly describe: (outputDirectory: string) => readonly string[];
  readonly run: (context: StepContext) => Promise<void>;
  /** A short description of a cached result, for display. */
  readonly cachedNote?: (outputDirectory: string) => Promise<string>;
  /** The outputs in the step's output directory; also called for cached results. */
  readonly result: (outputDirectory: string) => Result;
}
