import { Option } from 'commander';
import { variantOption } from '../../config/flags.ts';
import type { QuickstartOptions } from '../../jobs/quickstart/run-quickstart.ts';
import { DEFAULT_PROFILE, PROFILE_NAMES, profileOf } from '../../profiles/index.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `quickstart`: set up, build, boot, show how to log in. */
export const registerQuickstart: RegisterCommand = (program, context, setExitCode) => {
  program
    .command('quickstart')
    .description('set up the host if needed, build, boot the result and show how to log in')
    .addOption(
      new Option(
        '--profile <name>',
        `build this one (default: the config's; else ${DEFAULT_PROFILE}, or ${profileOf(DEFAULT_PROFILE).standIn} where its archive is unreachable)`,
      ).choices(PROFILE_NAMES),
    )
    .option('--config <file>', 'config file (default: micro-linux.yaml, if it exists)')
    .addOption(variantOption())
    .option(
      '--artifacts <directory>',
      'where artifacts go (default: artifacts/ of the checkout, or of the current folder without one)',
    )
    .option('--no-boot', 'only build')
    .action(async (options: QuickstartOptions & CommonOptions) => {
      const { runQuickstart } = await import('../../jobs/quickstart/run-quickstart.ts');
      setExitCode(await runQuickstart(context(options), options));
    });
};
