import { Command, Option } from 'commander';
import { type CommandTable, commandTable } from './command-table.ts';
import type { ContextFactory, RegisterCommand } from './register-command.ts';

/** A program with verbs. */
export interface ProgramVerbs<Context> {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** Every verb, in the order `--help` lists them. */
  readonly commands: readonly RegisterCommand<Context>[];
}

/** Makes a command the program's own: with its verbs, and with the options that every verb has. */
export function addVerbs<Context>(
  root: Command,
  { name, description, version, commands }: ProgramVerbs<Context>,
  context: ContextFactory<Context>,
  setExitCode: (code: number) => void,
): void {
  root
    .name(name)
    .description(description)
    .version(version, '-V, --version')
    // Otherwise a command's own --version would be mistaken for this one.
    .enablePositionalOptions();
  for (const register of commands) {
    register(root, context, setExitCode);
  }
  for (const command of root.commands) {
    for (const option of commonOptions()) {
      command.addOption(option);
    }
  }
}

/** The options that every verb of both programs has. */
export function commonOptions(): readonly Option[] {
  return [
    new Option('--json', 'print the result as one JSON object on standard output'),
    new Option(
      '-v, --verbose',
      'also print the commands that run, what they print and how long they take',
    ),
    new Option('-q, --quiet', 'print only warnings and errors, and what you ask to see').conflicts(
      'verbose',
    ),
  ];
}

/** The command line of a program as data. */
export function describeProgram<Context>(program: ProgramVerbs<Context>): CommandTable {
  const root = new Command();
  const neverRuns = () => {
    throw new Error('no verb runs here');
  };
  addVerbs(root, program, neverRuns, neverRuns);
  return commandTable(root);
}
