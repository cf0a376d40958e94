import type { Command } from 'commander';

/** Options of every command that builds. */
export function addBuildOptions(command: Command): Command {
  return command
    .option('--dry-run', 'print what would be run, with every command, and write nothing')
    .option('--fresh', 'run every step anew: newer packages of the archive, a new password')
    .option('--offline', 'do not ask the archive whether it has newer packages than the cache')
    .option('--artifacts <directory>', 'where artifacts go (default: artifacts/ of the checkout)')
    .option('--sizes', 'also print which part of the image takes how much room');
}

/** For commands that make update.img. */
export function addDetachedOption(command: Command): Command {
  return command.option(
    '--detached',
    'leave update.img unsigned, and beside it the bytes to sign: ./micro-linux attach completes it',
  );
}
