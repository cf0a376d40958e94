import { addConfigOptions } from '../../config/flags.ts';
import type { RunBuildOptions } from '../../jobs/build/run-build.ts';
import type { SourceOptions } from '../../jobs/remaster/remaster-options.ts';
import { addBuildOptions } from './build-options.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `iso`: makes our own installation medium, or a copy of Ubuntu's that installs our image. */
export const registerIso: RegisterCommand = (program, context) => {
  const command = program
    .command('iso')
    .description('build an ISO that installs the image without questions')
    .option('--source-iso <file>', 'put it on a copy of this Ubuntu live-server ISO')
    .option('--source-sha256 <sum>', 'with --source-iso: the SHA-256 that the ISO must have')
    .option(
      '--slim',
      'with --source-iso: leave out packages that an offline installation does not need',
    );
  addConfigOptions(addBuildOptions(command)).action(
    async (options: RunBuildOptions & SourceOptions & CommonOptions) => {
      const called = context(options);
      const { chosenSource } = await import('../../jobs/remaster/remaster-options.ts');
      const source = chosenSource(options, called.env);
      if (source === undefined) {
        const { runBuild } = await import('../../jobs/build/run-build.ts');
        await runBuild(called, options, ['seed', 'iso']);
        return;
      }
      const { runRemaster } = await import('../../jobs/remaster/run-remaster.ts');
      await runRemaster(called, options, source);
    },
  );
};
