import { ExitCode, errorToObject } from '@micro-linux/core';
import { Option } from 'commander';
import { variantOption } from '../../config/flags.ts';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import type { ProfileName } from '../../profiles/profile.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

interface DoctorOptions extends CommonOptions {
  readonly profile?: ProfileName;
  readonly mirror?: string;
  readonly keyring?: string;
  readonly config?: string;
  readonly variant?: string;
}

/** `doctor`: says whether this host can build what the config describes, and what to do if not. */
export const registerDoctor: RegisterCommand = (program, context, setExitCode) => {
  program
    .command('doctor')
    .description('check whether this host can build, and print the fix for what is missing')
    .addOption(
      new Option('--profile <name>', "what will be built, instead of the config's profile").choices(
        PROFILE_NAMES,
      ),
    )
    .option('--mirror <url>', "ask this archive, instead of the config's")
    .option('--keyring <path>', "check with this keyring, instead of the config's")
    .option('--config <file>', 'config file (default: micro-linux.yaml, if it exists)')
    .addOption(variantOption())
    .action(async (options: DoctorOptions) => {
      const [
        { userInfo },
        { run, start },
        { profileOf },
        facts,
        judge,
        render,
        { probeKvm },
        { loadForBuild },
      ] = await Promise.all([
        import('node:os'),
        import('@micro-linux/core'),
        import('../../profiles/index.ts'),
        import('../../host/doctor-facts.ts'),
        import('../../host/doctor-findings.ts'),
        import('../../host/doctor-render.ts'),
        import('../../vm/kvm-probe.ts'),
        import('../../jobs/build/load-for-build.ts'),
      ]);
      const command = context(options);
      const { reporter, env, signal } = command;
      const { config, configFile, places } = await loadForBuild(command, { ...options });
      const profile = profileOf(config.profile);
      const me = userInfo();
      const gathered = await facts.gatherHostFacts({
        profile,
        mirror: config.mirror,
        keyring: config.keyring,
        mirrorAuth: config.mirrorAuth,
        user: { name: me.username, uid: me.uid },
        directories: places,
        env,
        signal,
        run,
        probeKvm: (cancel) => probeKvm({ start, signal: cancel }),
      });
      const found = judge.findings(gathered);
      const canBuild = judge.canBuild(found);
      reporter.result(
        render.renderFindings(`${gathered.hostTitle}, to build ${profile.title}:`, found),
        {
          canBuild,
          profile: profile.name,
          config: configFile,
          findings: found,
          ...(canBuild ? {} : errorToObject(judge.cannotBuild(found))),
        },
      );
      setExitCode(canBuild ? ExitCode.done : ExitCode.failed);
    });
};
