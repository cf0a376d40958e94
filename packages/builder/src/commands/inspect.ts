import type { InspectOptions } from '../inspect/inspect.ts';
import type { CommonOptions, RegisterCommand } from './context.ts';

/** `inspect`: what is in an image. */
export const registerInspect: RegisterCommand = (program, context) => {
  program
    .command('inspect')
    .argument('[image]', 'a disk image (default: the last one built)')
    .description('show partitions, versions, hashes and what takes the room in an image')
    .option('--artifacts <directory>', 'where to look for the last build')
    .option('--packages', 'also list every package and its version')
    .action(async (image: string | undefined, options: InspectOptions & CommonOptions) => {
      const { inspect } = await import('../inspect/inspect.ts');
      await inspect(context(options), image, options);
    });
};
