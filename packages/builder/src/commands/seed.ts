import { Option } from 'commander';
import { INSTALLERS, type Installer } from '../autoinstall/check/installer.ts';
import type { SeedOptions } from '../autoinstall/run-seed.ts';
import { addConfigOptions } from '../config/flags.ts';
import type { CommonOptions, RegisterCommand } from './context.ts';

interface SeedCommandOptions extends SeedOptions, CommonOptions {
  readonly check?: string;
  readonly installer?: Installer;
  readonly diskSize?: string;
}

/** `seed`: what the installer is told, made from the config; or a look at somebody's own. */
export const registerSeed: RegisterCommand = (program, context, setExitCode) => {
  const command = program
    .command('seed')
    .description('make the seed of an installation that asks nothing, or check one')
    .option('--dry-run', 'print what would be written, without the hash, and write nothing')
    .option('--artifacts <directory>', 'where artifacts go (default: artifacts/ of the checkout)')
    .addOption(
      new Option(
        '--check <file>',
        'make nothing; look at this user-data, autoinstall.yaml or grub.cfg. Status 2: it has errors',
      ).conflicts(['dryRun', 'artifacts', 'config']),
    )
    .addOption(
      new Option('--installer <name>', 'who will read the file to check')
        .choices(INSTALLERS)
        .default('subiquity'),
    );
  addConfigOptions(command).action(async (options: SeedCommandOptions) => {
    if (options.check !== undefined) {
      const { runCheck } = await import('../autoinstall/check/run-check.ts');
      setExitCode(await runCheck(context(options), { ...options, check: options.check }));
      return;
    }
    const { runSeed } = await import('../autoinstall/run-seed.ts');
    setExitCode(await runSeed(context(options), options));
  });
};
