import { Option } from 'commander';
import { INSTALLERS, type Installer } from '../../autoinstall/check/installer.ts';
import { addConfigOptions, CONFIG_FLAGS } from '../../config/flags.ts';
import type { SeedOptions } from '../../jobs/seed/run-seed.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';

interface SeedCommandOptions extends SeedOptions, CommonOptions {
  readonly check?: string;
  readonly installer?: Installer;
  readonly diskSize?: string;
}

/** A file is checked as it is: options that change the config have no effect, except the disk size. */
const NOT_WITH_CHECK = [
  ...['dryRun', 'artifacts', 'config', 'variant'],
  ...CONFIG_FLAGS.map(({ flag }) => new Option(flag).attributeName()).filter(
    (name) => name !== 'diskSize',
  ),
];

/** `seed`: makes the installer's seed from the config, or checks an existing one. */
export const registerSeed: RegisterCommand = (program, context, setExitCode) => {
  const command = program
    .command('seed')
    .description('make the seed of an unattended installation, or check one')
    .option('--dry-run', 'print what would be written, without the hash, and write nothing')
    .option(
      '--artifacts <directory>',
      'where artifacts go (default: artifacts/ of the checkout, or of the current folder without one)',
    )
    .addOption(
      new Option(
        '--check <file>',
        'make nothing; check this user-data, autoinstall.yaml or grub.cfg. Exit code 2: it has errors',
      ).conflicts(NOT_WITH_CHECK),
    )
    .addOption(
      new Option('--installer <name>', 'who will read the file to check')
        .choices(INSTALLERS)
        .default('subiquity'),
    );
  addConfigOptions(command).action(async (options: SeedCommandOptions) => {
    if (options.check !== undefined) {
      const { runCheck } = await import('../../autoinstall/check/run-check.ts');
      setExitCode(await runCheck(context(options), { ...options, check: options.check }));
      return;
    }
    const { runSeed } = await import('../../jobs/seed/run-seed.ts');
    await runSeed(context(options), options);
  });
};
