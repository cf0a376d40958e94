/** Text for sh, or a program and its arguments. */
export type InstallCommand = string | readonly string[];

/** Name of the source of the installed system in the medium's install-sources.yaml. */
export const SOURCE_ID = 'micro-linux';

/**
 * Path of our program on the medium, as the running installer sees it: a sh script that finds the
 * agent next to it. What it does:
 *
 * - `early`: checks, before anything is written, the signature of update.img, the choice of the
 *   disk and its size.
 * - `late`: writes the slot image, the boot loaders of both firmwares and the data partition with
 *   the identity of /autoinstall.yaml, replacing what was copied to /target.
 */
export const INSTALL_PROGRAM = '/cdrom/micro-linux/install';

export type InstallStage = 'early' | 'late';

/** The command of a stage. It runs through sh because a medium may be mounted noexec. */
export function installCommand(stage: InstallStage): readonly string[] {
  return ['sh', INSTALL_PROGRAM, stage];
}

/** Whether a command of a seed is ours for a stage, in either form. */
export function isInstallCommand(command: InstallCommand, stage: InstallStage): boolean {
  const words = installCommand(stage);
  return typeof command === 'string'
    ? command.trim() === words.join(' ')
    : command.length === words.length && words.every((word, index) => command[index] === word);
}
