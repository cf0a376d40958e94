import { addConfigOptions } from '../../config/flags.ts';
import type { RunBuildOptions } from '../../jobs/build/run-build.ts';
import { addBuildOptions } from './build-options.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `rootfs`: builds only the slot image, the file system in every artifact. */
export const registerRootfs: RegisterCommand = (program, context) => {
  const command = program
    .command('rootfs')
    .description('build the root file system only, as the slot image (ext4), and show its sizes');
  addConfigOptions(addBuildOptions(command)).action(
    async (options: RunBuildOptions & CommonOptions) => {
      const { runRootfs } = await import('../../jobs/build/run-rootfs.ts');
      await runRootfs(context(options), options);
    },
  );
};
