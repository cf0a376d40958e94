import { Argument, type Command } from 'commander';
import type { Reporter } from '../../reporter/reporter.ts';
import type { CommandTable } from '../command-table.ts';
import type { CommonOptions, ContextFactory } from '../register-command.ts';

/** Shells that `completion` knows. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** `completion`: prints the script with which a shell completes the program's command lines. */
export function registerCompletion<Context extends { readonly reporter: Reporter }>(
  program: Command,
  context: ContextFactory<Context>,
): void {
  program
    .command('completion')
    .description('print a script with which a shell completes verbs, flags and file names')
    .addArgument(new Argument('<shell>', 'the shell that will read it').choices(SHELLS))
    .action(async (shell: Shell, options: CommonOptions) => {
      const { commandTable } = await import('../command-table.ts');
      const script = await completionScript(shell, commandTable(program));
      context(options).reporter.result(script, { shell, script });
    });
}

/** The script for a shell. */
export async function completionScript(shell: Shell, table: CommandTable): Promise<string> {
  switch (shell) {
    case 'bash':
      return (await import('./bash.ts')).bashCompletion(table);
    case 'zsh':
      return (await import('./zsh.ts')).zshCompletion(table);
    case 'fish':
      return (await import('./fish.ts')).fishCompletion(table);
  }
}
