import { MicroLinuxError } from '@micro-linux/core';
import type { CheckResult } from './smoke-result.ts';

/** What a run goes through; each is a check itself. */
export const STAGES = {
  login: { id: 'login-prompt', title: 'login prompt comes' },
  ssh: { id: 'ssh-login', title: 'ssh and sudo work' },
  reboot: { id: 'reboot', title: 'comes up again after a reboot' },
  powerOff: { id: 'power-off', title: 'power button shuts down' },
} as const;

export type Stage = keyof typeof STAGES;

/** These say something about the host, not about the image that is tested. */
const HOST_CODES = new Set([
  'cancelled',
  'tool-missing',
  'firmware-missing',
  'machine-not-started',
]);

/** Thrown by {@link Stages.run} to leave a run whose machine did not get further. */
export class StageFailed extends Error {}

/** Remembers how the stages of one run ended. */
export class Stages {
  readonly #complaints: () => readonly string[];
  readonly #results = new Map<Stage, CheckResult & { readonly seconds: number }>();

  /** @param complaints What the machine itself complained of so far, asked when a stage fails. */
  constructor(complaints: () => readonly string[] = () => []) {
    this.#complaints = complaints;
  }

  /**
   * Goes through a stage and times it.
   *
   * @param since When it began, milliseconds since the epoch.
   * @throws StageFailed when the stage failed, once it is noted; what is wrong with the host.
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

  /** Seconds a stage took; undefined unless it went well. */
  seconds(stage: Stage): number | undefined {
    const result = this.#results.get(stage);
    return result?.status === 'pass' ? result.seconds : undefined;
  }
}
