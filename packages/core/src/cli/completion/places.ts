import type { CommandTable, FlagEntry, ValueEntry } from '../command-table.ts';

/** A flag, and the verbs that have exactly this one. */
export interface SharedFlag extends FlagEntry {
  readonly verbs: readonly string[];
}

/** The flags of all verbs, each once. */
export function sharedFlags({ verbs }: CommandTable): readonly SharedFlag[] {
  const shared = new Map<string, SharedFlag>();
  for (const verb of verbs) {
    for (const flag of verb.flags) {
      const key = JSON.stringify(flag);
      const known = shared.get(key);
      shared.set(key, { ...flag, verbs: [...(known?.verbs ?? []), verb.name] });
    }
  }
  return [...shared.values()];
}

/** An argument, and the verbs that have exactly this one. */
export interface SharedArgument {
  readonly value: ValueEntry;
  /** Number of arguments before it. */
  readonly position: number;
  readonly verbs: readonly string[];
}

/** The arguments of all verbs, each once. */
export function sharedArguments({ verbs }: CommandTable): readonly SharedArgument[] {
  const shared = new Map<string, SharedArgument>();
  for (const verb of verbs) {
    for (const [
      position,
      { description: _, defaultValue: __, ...rest },
    ] of verb.arguments.entries()) {
      const value = { ...rest, defaultValue: undefined };
      const key = JSON.stringify([position, value]);
      const known = shared.get(key);
      shared.set(key, { value, position, verbs: [...(known?.verbs ?? []), verb.name] });
    }
  }
  return [...shared.values()];
}

/** Name of a function of the script: letters, digits and underscores. */
export function functionName(program: string): string {
  return `_${program.replaceAll(/\W/g, '_')}`;
}

/** Lines of a `case` in a script. */
export function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

/** A word in single quotes, as bash and zsh read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** How a value is completed: `file`, `directory`, or `words` and `list` with their choices. */
export function answer({ kind, choices, isList }: ValueEntry): string {
  if (choices.length > 0) {
    return [isList ? 'list' : 'words', ...choices].join(' ');
  }
  return kind === 'other' ? 'nothing' : kind;
}

/**
 * Lines of a `case` of bash or zsh over `$verb $flag`, which set `takes` to `one` or `many`, and
 * `answer`. A switch has none.
 */
export function valueCases(table: CommandTable): readonly string[] {
  return sharedFlags(table).flatMap(({ names, value, verbs }) => {
    if (!value) {
      return [];
    }
    const patterns = verbs.flatMap((verb) => names.map((name) => quoted(`${verb} ${name}`)));
    const takes = value.isVariadic || !value.isRequired ? 'many' : 'one';
    return [`${patterns.join('|')}) takes=${takes} answer=${quoted(answer(value))} ;;`];
  });
}

/** Lines of a `case` over `$verb $position`, which set `answer`. */
export function argumentCases(table: CommandTable): readonly string[] {
  return sharedArguments(table).map(({ value, position, verbs }) => {
    const patterns = verbs.map((verb) => `'${verb} '${value.isVariadic ? '*' : position}`);
    return `${patterns.join('|')}) answer=${quoted(answer(value))} ;;`;
  });
}
