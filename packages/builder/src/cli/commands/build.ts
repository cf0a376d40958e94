import { addConfigOptions } from '../../config/flags.ts';
import type { RunBuildOptions } from '../../jobs/build/run-build.ts';
import {
  addBuildOptions,
  addDetachedOption,
  addFormatOption,
  type FormatOptions,
} from './build-options.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

type BuildOptions = RunBuildOptions & CommonOptions & FormatOptions & { readonly iso: boolean };

/** `build`: config in, all artifacts out. */
export const registerBuild: RegisterCommand = (program, context) => {
  const command = program
    .command('build')
    .description('build all artifacts of micro-linux.yaml into artifacts/');
  addConfigOptions(addFormatOption(addDetachedOption(addBuildOptions(command))))
    .option('--no-iso', 'do not build the ISO')
    .action(async (options: BuildOptions) => {
      const { runBuild } = await import('../../jobs/build/run-build.ts');
      const iso = options.iso ? (['iso'] as const) : [];
      await runBuild(context(options), options, [
        ...new Set(options.format),
        'update',
        'seed',
        ...iso,
      ]);
    });
};
