import type { HostNeed } from '../../host/packages.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

interface SetupHostOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly for?: string;
  readonly buildOnly?: boolean;
  readonly tests?: boolean;
}

/** `setup-host`: installs what building needs on a Debian or Ubuntu host. */
export const registerSetupHost: RegisterCommand = (program, context) => {
  program
    .command('setup-host')
    .description('install the programs, archive keys and id ranges that building needs')
    .option('--dry-run', 'print the commands, run none')
    .option('--for <user>', 'the user who will build (default: you, also through sudo)')
    .option('--build-only', 'leave out QEMU and its firmware, which only vm and test need')
    .option('--tests', "also what the project's own tests need")
    .action(async (options: SetupHostOptions) => {
      const { userInfo } = await import('node:os');
      const { setUpHost } = await import('../../host/setup-host.ts');
      const { directories } = await import('../../output/directories.ts');
      const { reporter, env, signal, root, cwd } = context(options);
      const me = userInfo();
      const sudoUser = me.uid === 0 ? env['SUDO_USER'] : undefined;
      await setUpHost({
        userName: options.for ?? sudoUser ?? me.username,
        uid: me.uid,
        needs: needs(options),
        dryRun: options.dryRun === true,
        reporter,
        env,
        signal,
        cache: directories(root, env, { cwd }).cache,
      });
    });
};

function needs({ buildOnly, tests }: SetupHostOptions): HostNeed[] {
  return ['build', ...(buildOnly ? [] : ['boot' as const]), ...(tests ? ['tests' as const] : [])];
}
