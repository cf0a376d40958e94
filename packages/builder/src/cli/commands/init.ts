import { Option } from 'commander';
import { exampleNames } from '../../jobs/init/examples.ts';
import type { InitOptions } from '../../jobs/init/run-init.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `init`: writes a new project. */
export const registerInit: RegisterCommand = (program, context) => {
  program
    .command('init')
    .argument('[directory]', 'where the project goes', '.')
    .description(
      'write a project: a config, files of its own, a health check and a CI workflow; never replaces a file',
    )
    .option('--name <name>', "product id and host name (default: the folder's name)")
    .option('--user <name>', "who can log in (default: micro, or the example's user)")
    .addOption(
      new Option('--example <name>', 'copy this example, instead of the small project').choices(
        exampleNames(),
      ),
    )
    .action(async (directory: string, options: InitOptions & CommonOptions) => {
      const { runInit } = await import('../../jobs/init/run-init.ts');
      await runInit(context(options), directory, options);
    });
};
