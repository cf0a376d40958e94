import { commandLine } from '@micro-linux/core';

/**
 * The command that runs a module of the builder, for `--dry-run`: a part of a step that this program
 * does itself. The module runs if it is the main one.
 *
 * @param filename `import.meta.filename` of the module.
 */
export function moduleCommand(filename: string, args: readonly (string | number)[]): string {
  return commandLine(process.execPath, [filename, ...args.map(String)]);
}
