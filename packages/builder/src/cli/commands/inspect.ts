import { variantOption } from '../../config/flags.ts';
import type { InspectOptions } from '../../jobs/inspect/inspect.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';
import { takeLast } from './take-last.ts';

/** `inspect`: shows the contents of a disk image, an update or an ISO. */
export const registerInspect: RegisterCommand = (program, context, setExitCode) => {
  program
    .command('inspect')
    .argument('[image]', 'a disk image, an update.img or an ISO (default: the last disk built)')
    .description(
      'show what is in a disk image, update or ISO, and who signed it. Exit code 5: devices would reject it',
    )
    .option('--artifacts <directory>', 'where to look for the last build')
    .option('--packages', 'also list every package and its version')
    .option(
      '--public-key <file...>',
      "judge the signatures of an update or an ISO by these keys, not the config's",
    )
    .option('--config <file>', 'config file that names trusted keys (default: micro-linux.yaml)')
    .addOption(variantOption())
    .action(async (image: string | undefined, options: InspectOptions & CommonOptions) => {
      const [{ inspect }, { isUpdate }, { isIso }, { resolve }] = await Promise.all([
        import('../../jobs/inspect/inspect.ts'),
        import('../../jobs/inspect/is-update.ts'),
        import('../../steps/medium/iso-file.ts'),
        import('node:path'),
      ]);
      const called = context(options);
      const { argument, values } = await takeLast(
        image,
        options.publicKey,
        async (file) =>
          (await isUpdate(resolve(called.cwd, file))) || isIso(resolve(called.cwd, file)),
      );
      const given = values === undefined ? options : { ...options, publicKey: values };
      setExitCode(await inspect(called, argument, given));
    });
};
