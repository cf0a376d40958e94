import { type Command, Option } from 'commander';
import { DISK_FORMAT_NAMES, type DiskFormatName } from '../../output/disk-formats.ts';

/** Options of every command that builds. */
export function addBuildOptions(command: Command): Command {
  return command
    .option('--dry-run', 'print every command that would run; write nothing')
    .option('--fresh', 'repeat every step: newer packages from the archive, a new password')
    .option('--offline', 'do not ask the archive whether it has newer packages than the cache')
    .option(
      '--artifacts <directory>',
      'where artifacts go (default: artifacts/ of the checkout, or of the current folder without one)',
    )
    .option('--sizes', 'also print how much space each part of the image uses');
}

/** For commands that make the disk. */
export function addFormatOption(command: Command): Command {
  return command.addOption(
    new Option('--format <name...>', 'formats of the disk image, one or more')
      .choices(DISK_FORMAT_NAMES)
      .default(['qcow2']),
  );
}

/** Options of commands with {@link addFormatOption}. */
export interface FormatOptions {
  readonly format: readonly DiskFormatName[];
}

/** For commands that make update.img. */
export function addDetachedOption(command: Command): Command {
  return command.option(
    '--detached',
    'leave update.img unsigned and write the bytes to sign next to it; ./micro-linux attach completes it',
  );
}
