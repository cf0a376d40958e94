import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { Config } from '../../config/config.ts';
import { configuredLogins } from '../../host/apt-auth.ts';
import { preflightArchive } from '../../host/archive.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import type { Profile } from '../../profiles/profile.ts';
import {
  ageInWords,
  describeRelease,
  readArchiveState,
  writeArchiveState,
} from './archive-state.ts';

/**
 * The rootfs step, which first checks keyring and archive, and records the state of the archive.
 * This is part of the step, because a cached root file system needs no archive.
 *
 * @throws MicroLinuxError `offline`, and those of `preflightArchive`.
 */
export function withPreflight<Result>(
  step: Step<Result>,
  config: Config,
  profile: Profile,
  offline: boolean,
): Step<Result> {
  return {
    ...step,
    code: [...step.code, ownPath(import.meta.filename)],
    async run(context) {
      if (offline) {
        throw new MicroLinuxError({
          code: 'offline',
          message: 'the root file system is not in the cache, and --offline forbids fetching it',
          hint: 'leave --offline out',
          exitCode: ExitCode.usage,
        });
      }
      context.progress({ message: 'checking the archive' });
      const fetchedAt = new Date().toISOString();
      const { sources, answers } = await preflightArchive(profile, config.mirror, config.keyring, {
        logins: await configuredLogins(config.mirrorAuth),
        signal: context.signal,
        run: context.run,
      });
      await step.run(context);
      await writeArchiveState(context.outputDirectory, {
        fetchedAt,
        releases: sources.flatMap((source, index) => {
          const answer = answers[index];
          return answer?.inRelease === undefined
            ? []
            : [
                describeRelease(answer.inRelease, {
                  url: answer.url,
                  suite: source.suite,
                  components: profile.components,
                }),
              ];
        }),
      });
    },
    cachedNote: async (directory) =>
      `packages of ${ageInWords((await readArchiveState(directory)).fetchedAt, new Date())}`,
  };
}
