import { Option } from 'commander';
import { PROFILE_NAMES } from '../profiles/profile.ts';
import type { QuickstartOptions } from '../quickstart/run-quickstart.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `quickstart`: set up, build, boot, show how to log in. */
export const registerQuickstart: RegisterCommand = (program, context, setExitCode) => {
  program
    .command('quickstart')
    .description('set the host up if need be, build, boot the result and show how to log in')
    .addOption(
      new Option(
        '--profile <name>',
        "build this one (default: the config's; else noble, or bookworm where the Ubuntu archive is unreachable)",
      ).choices(PROFILE_NAMES),
    )
    .option('--config <file>', 'config file (default: micro-linux.yaml, if it exists)')
    .option('--artifacts <directory>', 'where artifacts go (default: artifacts/ of the checkout)')
    .option('--no-boot', 'only build')
    .action(async (options: QuickstartOptions & CommonOptions) => {
      const { runQuickstart } = await import('../quickstart/run-quickstart.ts');
      setExitCode(await runQuickstart(context(options), options));
    });
};
