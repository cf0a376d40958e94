import type { CommandTable, ValueEntry } from '@micro-linux/core/cli';

/** A command line, and what a shell must offer at its end. */
export interface CompletionCase {
  readonly line: string;
  readonly offers: readonly string[];
}

/** What the current folder has. */
export interface Entries {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** Every place of a command line: the verb, each verb's flags and arguments, each flag's value. */
export function completionCases(table: CommandTable, entries: Entries): readonly CompletionCase[] {
  const { program, verbs } = table;
  const offersOf = ({ kind, choices }: ValueEntry) => {
    if (choices.length > 0) {
      return choices;
    }
    return {
      ...{ other: [], directory: entries.directories },
      file: [...entries.files, ...entries.directories],
    }[kind];
  };
  return [
    { line: `${program} `, offers: verbs.map(({ name }) => name) },
    ...verbs.flatMap((verb) => {
      const start = `${program} ${verb.name}`;
      const [first] = verb.arguments;
      return [
        { line: `${program} ${verb.name.slice(0, -1)}`, offers: beginning(verbs, verb.name) },
        {
          line: `${start} --`,
          offers: verb.flags.flatMap(({ names }) => names.filter((name) => name.startsWith('--'))),
        },
        { line: `${start} `, offers: first ? offersOf(first) : [] },
        ...verb.flags.flatMap(({ names, value }) =>
          value?.isRequired ? [{ line: `${start} ${names[0]} `, offers: offersOf(value) }] : [],
        ),
        ...verb.flags.flatMap(({ names, value }) =>
          value?.isVariadic && value.choices.length > 0
            ? [{ line: `${start} ${names[0]} ${value.choices[0]} `, offers: offersOf(value) }]
            : [],
        ),
        ...verb.flags.flatMap(({ names, value }) =>
          value && value.choices.length > 0
            ? [{ line: `${start} ${names[0]}=`, offers: offersOf(value) }]
            : [],
        ),
      ];
    }),
  ];
}

function beginning(verbs: CommandTable['verbs'], name: string): readonly string[] {
  return verbs.map((verb) => verb.name).filter((other) => other.startsWith(name.slice(0, -1)));
}
