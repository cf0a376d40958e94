import { addConfigOptions } from '../../config/flags.ts';
import type { UpdateOptions } from '../../jobs/update/update-options.ts';
import { addBuildOptions, addDetachedOption } from './build-options.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `update`: builds only update.img. */
export const registerUpdate: RegisterCommand = (program, context) => {
  const command = program
    .command('update')
    .description('build update.img only, from the slot image that a disk would get')
    .option(
      '--slot-image <file>',
      'make the update from this slot image (see rootfs) instead of building one',
    )
    .option('--output <file>', 'with --slot-image: where the update goes');
  addConfigOptions(addDetachedOption(addBuildOptions(command))).action(
    async (options: UpdateOptions & CommonOptions) => {
      const { runUpdate } = await import('../../jobs/update/run-update.ts');
      await runUpdate(context(options), options);
    },
  );
};
