import type {
  ArgumentEntry,
  CommandTable,
  FlagEntry,
  ValueEntry,
  VerbEntry,
} from '../../packages/core/src/cli/index.ts';
import type { ExitCode } from '../../packages/core/src/index.ts';
import { argument, bold, definition, escaped, italic, literal, prose } from './roff.ts';

export interface ManualOptions {
  /** 1 for programs of all users, 8 for those of administrators. */
  readonly section: 1 | 8;
  /** ISO 8601. */
  readonly date: string;
  /** Files that the program reads or writes, and what they are. */
  readonly files: Readonly<Record<string, string>>;
}

/** As in docs/reference/exit-codes.md. */
export const EXIT_CODES: Readonly<Record<(typeof ExitCode)[keyof typeof ExitCode], string>> = {
  0: 'done',
  1: 'failed: the error says what happened, why, and what fixes it',
  2: 'usage: wrong arguments, or a config that does not pass its checks',
  3: 'nothing to do',
  4: 'done, and a reboot is needed',
  5: 'rejected: signature, compatibility or downgrade',
  6: 'busy: another run holds the lock',
  130: 'cancelled: Ctrl-C, SIGTERM or SIGHUP; or the reader of the output is gone',
};

/** The manual of a program: one page of its own and one for each verb, by file name. */
export function manPages(table: CommandTable, options: ManualOptions): ReadonlyMap<string, string> {
  const { program } = table;
  const verbs = table.verbs.filter(({ name }) => name !== 'help');
  return new Map([
    [`${program}.${options.section}`, programPage({ ...table, verbs }, options)],
    ...verbs.map(
      (verb) =>
        [`${program}-${verb.name}.${options.section}`, verbPage(table, verb, options)] as const,
    ),
  ]);
}

function programPage(table: CommandTable, options: ManualOptions): string {
  const { program, verbs } = table;
  const { section } = options;
  return page([
    head(program, table, options),
    `.SH NAME\n${prose(`${program} - ${firstSentence(table.description)}`)}`,
    `.SH SYNOPSIS\n${bold(program)} ${italic('verb')} [${italic('options')}]`,
    `.SH DESCRIPTION\n${prose(table.description)}`,
    prose(`Each verb has a page of its own, and ${program} VERB --help.`),
    '.SH VERBS',
    ...verbs.map(({ name: verb, description }) =>
      definition(`\\fB${escaped(`${program}-${verb}`)}\\fR(${section})`, sentence(description)),
    ),
    '.SH OPTIONS',
    ...table.flags.map(flag),
    exitStatus(),
    '.SH FILES',
    ...Object.entries(options.files).map(([path, meaning]) => definition(italic(path), meaning)),
    seeAlso(
      verbs.map((verb) => `${program}-${verb.name}`),
      section,
    ),
  ]);
}

function verbPage(table: CommandTable, verb: VerbEntry, options: ManualOptions): string {
  const { program } = table;
  const { section } = options;
  const groups = [...new Set(verb.flags.map(({ group }) => group))];
  return page([
    head(`${program}-${verb.name}`, table, options),
    `.SH NAME\n${prose(`${program}-${verb.name} - ${firstSentence(verb.description).replace(/; .*/, '')}`)}`,
    `.SH SYNOPSIS\n${[bold(`${program} ${verb.name}`), `[${italic('options')}]`, ...verb.arguments.map(inBrackets)].join(' ')}`,
    `.SH DESCRIPTION\n${prose(sentence(verb.description))}`,
    ...(verb.arguments.length === 0
      ? []
      : [
          '.SH ARGUMENTS',
          ...verb.arguments.map((entry) =>
            definition(value(entry), described(entry.description, entry)),
          ),
        ]),
    ...groups.flatMap((group) => [
      group === undefined ? '.SH OPTIONS' : `.SS ${argument(group.replace(/:$/, ''))}`,
      ...verb.flags.filter((entry) => entry.group === group).map(flag),
    ]),
    ...(verb.notes === '' ? [] : ['.SH NOTES', literal(verb.notes)]),
    exitStatus(),
    seeAlso([program], section),
  ]);
}

function head(title: string, { program, version }: CommandTable, options: ManualOptions): string {
  return [
    '.\\" Made from the command line of the program: scripts/manual',
    `.TH ${argument(title.toUpperCase())} ${options.section} ${options.date} ${argument(`${program} ${version}`)} ${argument('micro-linux')}`,
    '.nh',
    '.ad l',
  ].join('\n');
}

function exitStatus(): string {
  return [
    '.SH EXIT STATUS',
    ...Object.entries(EXIT_CODES).map(([code, meaning]) => definition(code, meaning)),
  ].join('\n');
}

function seeAlso(pages: readonly string[], section: number): string {
  const names = pages.toSorted().map((one) => `.BR ${escaped(one)} (${section})`);
  return ['.SH SEE ALSO', names.join(' ,\n')].join('\n');
}

function flag({ names, description, value: entry }: FlagEntry): string {
  const term = [
    names.map(bold).join(', '),
    ...(entry ? [entry.isRequired ? value(entry) : `[${value(entry)}]`] : []),
  ].join(' ');
  return definition(term, described(description, entry));
}

function value({ name: text, isVariadic }: ValueEntry): string {
  return `${italic(text)}${isVariadic ? '...' : ''}`;
}

function inBrackets(entry: ArgumentEntry): string {
  return entry.isRequired ? value(entry) : `[${value(entry)}]`;
}

function described(description: string, entry: ValueEntry | undefined): string {
  const notes = [
    ...(entry?.isChecked === true ? [`one of ${entry.choices.join(', ')}`] : []),
    ...(entry?.defaultValue === undefined ? [] : [`default: ${entry.defaultValue}`]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

/** For the index of manual pages: without a full stop. */
function firstSentence(text: string): string {
  return text.replace(/\.(?: .*)?$/, '');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

function page(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
