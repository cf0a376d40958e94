import type { Argument, Command, Option } from 'commander';
import { OfferingOption } from './offering-option.ts';

/** A value that the user writes: of a flag, or an argument of a verb. */
export interface ValueEntry {
  /** As in `--help`, without brackets: `file`. */
  readonly name: string;
  /** What it names. */
  readonly kind: 'file' | 'directory' | 'other';
  /** What it can be, if that is known; empty if not. */
  readonly choices: readonly string[];
  /** Whether nothing but these is accepted, and `--help` lists them after the description. */
  readonly isChecked: boolean;
  /** Several choices, separated by commas. */
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** More may follow as words of their own. */
  readonly isVariadic: boolean;
  readonly defaultValue: string | undefined;
}

export interface FlagEntry {
  /** With its dashes, the long one first. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined for a switch. */
  readonly value: ValueEntry | undefined;
  /** The heading in `--help`; undefined for a flag of the verb itself. */
  readonly group: string | undefined;
}

export interface ArgumentEntry extends ValueEntry {
  readonly description: string;
}

export interface VerbEntry {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ArgumentEntry[];
  /** In the order of `--help`. */
  readonly flags: readonly FlagEntry[];
  /** What `--help` prints after the options; empty if nothing. */
  readonly notes: string;
}

/** Everything that can be written on the command line of a program, as data. */
export interface CommandTable {
  readonly program: string;
  readonly description: string;
  readonly version: string;
  /** Flags of the program itself, before a verb. */
  readonly flags: readonly FlagEntry[];
  readonly verbs: readonly VerbEntry[];
}

/** Names of values that are files or folders, in all verbs of both programs. */
const KINDS: Readonly<Record<string, ValueEntry['kind']>> = {
  ...{ file: 'file', path: 'file', image: 'file', source: 'file', key: 'file', device: 'file' },
  directory: 'directory',
};

/** What `--help` shows, as data: the source of shell completion and of the manual pages. */
export function commandTable(root: Command): CommandTable {
  const help = root.createHelp();
  const names = root.commands.map((verb) => verb.name());
  return {
    program: root.name(),
    description: root.description(),
    version: root.version() ?? '',
    flags: help.visibleOptions(root).map(flagEntry),
    verbs: help.visibleCommands(root).map((verb) => ({
      name: verb.name(),
      description: verb.description(),
      arguments: verb.registeredArguments.map((argument) =>
        argumentEntry(argument, verb.name() === 'help' ? names : undefined),
      ),
      flags: help.visibleOptions(verb).map(flagEntry),
      notes: textAfterHelp(verb),
    })),
  };
}

function textAfterHelp(verb: Command): string {
  const output = verb.configureOutput();
  let text = '';
  verb.configureOutput({ ...output, writeOut: (part) => (text += part) });
  verb.outputHelp();
  verb.configureOutput(output);
  return text.slice(verb.helpInformation().length).trim();
}

function flagEntry(option: Option): FlagEntry {
  const { long, short, description, helpGroupHeading } = option;
  const [, bracket, name = ''] = /([<[])([^\]>]*?)(?:\.\.\.)?[\]>]$/.exec(option.flags) ?? [];
  const offers = option instanceof OfferingOption ? option.offers : undefined;
  return {
    names: [long, short].filter((one) => one !== undefined && one !== null),
    description,
    group: helpGroupHeading,
    value:
      bracket === undefined
        ? undefined
        : {
            ...valueEntry(name, option.argChoices ?? offers, option.variadic),
            isChecked: option.argChoices !== undefined,
            isList: option instanceof OfferingOption && option.isList,
            isRequired: option.required,
            defaultValue: defaultOf(option),
          },
  };
}

/** @param known what it can be, if the argument itself does not have its choices. */
function argumentEntry(argument: Argument, known: readonly string[] | undefined): ArgumentEntry {
  return {
    ...valueEntry(argument.name(), argument.argChoices ?? known, argument.variadic),
    isChecked: argument.argChoices !== undefined,
    isList: false,
    isRequired: argument.required,
    defaultValue: defaultOf(argument),
    description: argument.description,
  };
}

function valueEntry(
  name: string,
  choices: readonly string[] | undefined,
  isVariadic: boolean,
): Pick<ValueEntry, 'name' | 'kind' | 'choices' | 'isVariadic'> {
  return { name, choices: choices ?? [], isVariadic, kind: KINDS[name] ?? 'other' };
}

function defaultOf({ defaultValue, defaultValueDescription }: Option | Argument) {
  const isShown = defaultValue !== undefined && typeof defaultValue !== 'boolean';
  return defaultValueDescription ?? (isShown ? String(defaultValue) : undefined);
}
