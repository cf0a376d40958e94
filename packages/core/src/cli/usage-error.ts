import { ExitCode } from '../errors/exit-codes.ts';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';

/** An error of commander for a command line that it cannot parse. */
export interface ParserComplaint {
  /** `error: unknown option '--foo'`, perhaps with `(Did you mean --food?)` on a second line. */
  readonly message: string;
}

/**
 * Converts a parser error: code `usage`, exit code 2.
 *
 * @param help the command that prints help, such as `micro-linux build --help`.
 */
export function usageError({ message }: ParserComplaint, help: string): MicroLinuxError {
  const [first = '', ...more] = message
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  const meant = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(more.join(' '))?.[1];
  return new MicroLinuxError({
    code: 'usage',
    message: first.replace(/\.$/, ''),
    hint: meant === undefined ? help : `did you mean ${meant}? ${help} lists all`,
    exitCode: ExitCode.usage,
  });
}

/** Whether a command line asks for JSON; arguments after `--` do not count. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json');
}

/** The parts of a parsed command that are checked. */
export interface ParsedCommand {
  readonly options: readonly {
    readonly long?: string | null | undefined;
    readonly short?: string | null | undefined;
    /** Requires a value. */
    readonly required: boolean;
    attributeName(): string;
  }[];
  opts(): Readonly<Record<string, unknown>>;
}

/**
 * Refuses an option whose value is another option of the command: `--artifacts --json` would make a
 * folder named `--json` and print no JSON.
 *
 * @throws MicroLinuxError `usage`.
 */
export function refuseSwallowedFlags(command: ParsedCommand, help: string): void {
  const values = command.opts();
  const flags = command.options.flatMap(({ long, short }) => [long, short]);
  for (const option of command.options.filter(({ required }) => required)) {
    const swallowed = [values[option.attributeName()]]
      .flat()
      .find((value) => flags.includes(String(value)));
    if (swallowed !== undefined) {
      throw usageError(
        {
          message: `option '${option.long}' needs a value, and the next word is the option '${swallowed}'`,
        },
        help,
      );
    }
  }
}
