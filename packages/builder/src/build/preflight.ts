import type { Config } from '../config/config.ts';
import { configuredLogins } from '../host/apt-auth.ts';
import { preflightArchive } from '../host/archive.ts';
import type { Step } from '../plan/step.ts';
import type { Profile } from '../profiles/profile.ts';

/**
 * The rootfs step with a look at keyring and archive before it. Inside the step, because a cached
 * root file system needs no archive.
 */
export function withPreflight<Result>(
  step: Step<Result>,
  config: Config,
  profile: Profile,
): Step<Result> {
  return {
    ...step,
    async run(context) {
      context.progress({ message: 'looking at the archive' });
      await preflightArchive(profile, config.mirror, config.keyring, {
        logins: await configuredLogins(config.mirrorAuth),
        signal: context.signal,
        run: context.run,
      });
      await step.run(context);
    },
  };
}
