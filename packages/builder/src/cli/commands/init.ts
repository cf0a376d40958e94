import type { InitOptions } from '../../jobs/init/run-init.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `init`: writes a small project of one's own. */
export const registerInit: RegisterCommand = (program, context) => {
  program
    .command('init')
    .argument('[directory]', 'where the project goes', '.')
    .description(
      'write a small project: a config, files of its own, a health check and a CI workflow; never replaces a file',
    )
    .option('--name <name>', "product id and host name (default: the folder's name)")
    .option('--user <name>', 'who can log in', 'micro')
    .action(async (directory: string, options: InitOptions & CommonOptions) => {
      const { runInit } = await import('../../jobs/init/run-init.ts');
      await runInit(context(options), directory, options);
    });
};
