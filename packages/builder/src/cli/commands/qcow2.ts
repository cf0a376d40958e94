import { addConfigOptions } from '../../config/flags.ts';
import type { RunBuildOptions } from '../../jobs/build/run-build.ts';
import { addBuildOptions, addFormatOption, type FormatOptions } from './build-options.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `qcow2`: builds only the bootable disk. */
export const registerQcow2: RegisterCommand = (program, context) => {
  const command = program.command('qcow2').description('build the bootable disk image only');
  addConfigOptions(addFormatOption(addBuildOptions(command))).action(
    async (options: RunBuildOptions & CommonOptions & FormatOptions) => {
      const { runBuild } = await import('../../jobs/build/run-build.ts');
      await runBuild(context(options), options, [...new Set(options.format)]);
    },
  );
};
