import { ExitCode, errorToObject } from '@micro-linux/core';
import { Option } from 'commander';
import { PROFILE_NAMES, type ProfileName } from '../profiles/profile.ts';
import type { CommonOptions, RegisterCommand } from './context.ts';

interface DoctorOptions extends CommonOptions {
  readonly profile: ProfileName;
  readonly mirror?: string;
  readonly keyring?: string;
}

/** `doctor`: says whether this host can build, and what to do where it cannot. */
export const registerDoctor: RegisterCommand = (program, context, setExitCode) => {
  program
    .command('doctor')
    .description('check whether this host can build, and say what to do where it cannot')
    .addOption(
      new Option('--profile <name>', 'what will be built').choices(PROFILE_NAMES).default('noble'),
    )
    .option('--mirror <url>', "ask this archive instead of the distribution's own")
    .option('--keyring <path>', "check with this keyring instead of the distribution's own")
    .action(async (options: DoctorOptions) => {
      const [
        { userInfo },
        { run },
        { profileOf },
        facts,
        judge,
        render,
        { probeKvm },
        mirrors,
        { directories },
      ] = await Promise.all([
        import('node:os'),
        import('@micro-linux/core'),
        import('../profiles/index.ts'),
        import('../host/doctor-facts.ts'),
        import('../host/doctor-findings.ts'),
        import('../host/doctor-render.ts'),
        import('../vm/kvm-probe.ts'),
        import('../host/mirror-option.ts'),
        import('../build/directories.ts'),
      ]);
      const { reporter, env, root, cwd, signal } = context(options);
      const profile = profileOf(options.profile);
      const me = userInfo();
      const gathered = await facts.gatherFacts({
        profile,
        mirror: mirrors.mirrorOption(options.profile, options.mirror),
        keyring: options.keyring,
        user: { name: me.username, uid: me.uid },
        directories: directories(root, env, { cwd }),
        env,
        signal,
        run,
        probeKvm: (runner, cancel) => probeKvm({ run: runner, signal: cancel }),
      });
      const found = judge.findings(gathered);
      const canBuild = judge.canBuild(found);
      reporter.result(
        render.renderFindings(`${gathered.hostTitle}, to build ${profile.title}:`, found),
        {
          canBuild,
          profile: profile.name,
          findings: found,
          ...(canBuild ? {} : errorToObject(judge.cannotBuild(found))),
        },
      );
      setExitCode(canBuild ? ExitCode.done : ExitCode.failed);
    });
};
