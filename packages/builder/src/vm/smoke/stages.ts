import { MicroLinuxError } from '@micro-linux/core';
import type { CheckResult } from './smoke-result.ts';

/** The stages of a run; each is also a check. */
export const STAGES = {
  login: { id: 'login-prompt', title: 'login prompt appears' },
  ssh: { id: 'ssh-login', title: 'ssh and sudo work' },
  reboot: { id: 'reboot', title: 'comes up again after a reboot' },
  powerOff: { id: 'power-off', title: 'power button shuts down' },
} as const;

export type Stage = keyof typeof STAGES;

/** These are failures of the host, not of the tested image. */
const HOST_CODES = new Set([
  'cancelled',
  'tool-missing',
  'firmware-missing',
  'machine-not-started',
]);

/** Thrown by {@link Stages.run} to end a run at a failed stage. */
export class StageFailed extends Error {}

/** Records how the stages of one run ended. */
export class Stages {
  readonly #complaints: () => readonly string[];
  readonly #results = new Map<Stage, CheckResult & { readonly seconds: number }>();

  /** @param complaints The machine's error messages so far; called when a stage fails. */
  constructor(complaints: () => readonly string[] = () => []) {
    this.#complaints = complaints;
  }

  /**
   * Runs a stage and measures its duration.
   *
   * @param since When it began, milliseconds since the epoch.
   * @throws StageFailed if the stage failed, after recording it; errors of the host.
   */
  async run<T>(stage: Stage, act: () => Promise<T>, since = Date.now()): Promise<T> {
    const end = (status: 'pass' | 'fail', note: (seconds: number) => string) => {
      const seconds = Math.round((Date.now() - since) / 1000);
      this.#results.set(stage, { ...STAGES[stage], status, note: note(seconds), seconds });
    };
    try {
      const value = await act();
      end('pass', (seconds) => `${seconds} s`);
      return value;
    } catch (error) {
      if (!(error instanceof MicroLinuxError) || HOST_CODES.has(error.code)) {
        throw error;
      }
      end('fail', () =>
        [
          error.message,
          ...(error.why === undefined ? [] : [error.why]),
          ...this.#complaints(),
        ].join('\n'),
      );
      throw new StageFailed(error.message, { cause: error });
    }
  }

  /** How stages ended, as checks; those that were not reached are skipped. */
  results(...stages: readonly Stage[]): CheckResult[] {
    return stages.map((stage) => {
      const result = this.#results.get(stage);
      return result
        ? { id: result.id, title: result.title, status: result.status, note: result.note }
        : { ...STAGES[stage], status: 'skip', note: '' };
    });
  }

  /** Duration of a stage in seconds; undefined unless it passed. */
  seconds(stage: Stage): number | undefined {
    const result = this.#results.get(stage);
    return result?.status === 'pass' ? result.seconds : undefined;
  }
}
