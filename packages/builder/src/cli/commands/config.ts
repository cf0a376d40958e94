import { addConfigOptions, type ConfigOptions } from '../../config/flags.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `config`: prints the configuration that a build would use. */
export const registerConfig: RegisterCommand = (program, context) => {
  const command = program
    .command('config')
    .description(
      'check the config file and print the configuration that a build would use, with the origin of each value',
    );
  addConfigOptions(command).action(async (options: ConfigOptions & CommonOptions) => {
    const { runConfig } = await import('../../jobs/config/run-config.ts');
    await runConfig(context(options), options);
  });
};
