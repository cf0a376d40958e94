import type { Runner } from '@micro-linux/core';
import { type SeedPassword, seedPassword } from '../../autoinstall/make/seed-password.ts';
import type { UserConfig } from '../../config/config.ts';

/** The login of a build: created when the first step needs it, and the same for all steps. */
export interface BuildLogin {
  readonly ask: () => Promise<SeedPassword>;
  /** Undefined if no step needed it. */
  readonly asked: () => Promise<SeedPassword> | undefined;
}

/**
 * @param options.renew whether to make a new password even if the artifacts contain one; called
 *   when it is made.
 */
export function buildLogin(options: {
  readonly user: UserConfig;
  readonly artifacts: string;
  readonly run: Runner;
  readonly signal: AbortSignal;
  readonly renew: () => boolean;
}): BuildLogin {
  const { user, artifacts, run, signal, renew } = options;
  let login: Promise<SeedPassword> | undefined;
  return {
    ask: () => {
      login ??= seedPassword(user, artifacts, run, signal, renew());
      return login;
    },
    asked: () => login,
  };
}
