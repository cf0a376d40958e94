import type { CommandTable, ValueEntry } from '../command-table.ts';
import { functionName, sharedArguments, sharedFlags } from './places.ts';

/** A script that completes a program's command lines in fish 3 or later, with descriptions. */
export function fishCompletion(table: CommandTable): string {
  const { program } = table;
  const name = `_${functionName(program)}`;
  const complete = (...words: readonly string[]) => ['complete', '-c', program, ...words].join(' ');
  return [
    `# Completion of ${program} for fish. Made by: ${program} completion fish
# Whether the verb is one of these; without any, whether there is no verb yet.
function ${name}_verb
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; and continue
        contains -- $word $argv
        return
    end
    test (count $argv) = 0
end

# Whether the flag before the cursor, which takes several values, is one of these.
function ${name}_gives
    set -l last
    for word in (commandline -opc)
        string match -q -- '-*' $word; and set last $word
    end
    contains -- "$last" $argv
end
`,
    complete('-f'),
    ...table.flags.map(({ names, description }) =>
      complete('-n', `${name}_verb`, ...flagNames(names), '-d', quoted(description)),
    ),
    ...table.verbs.map((verb) =>
      complete('-n', `${name}_verb`, '-a', verb.name, '-d', quoted(verb.description)),
    ),
    ...sharedFlags(table).flatMap(({ names, description, value, verbs }) => {
      const isOf = `${name}_verb ${verbs.join(' ')}`;
      const flag = [...flagNames(names), '-d', quoted(description)];
      return [
        complete('-n', quoted(isOf), ...(value?.isRequired ? requiring(value) : []), ...flag),
        ...(value && (value.isVariadic || !value.isRequired)
          ? [
              complete(
                '-n',
                quoted(`${isOf}; and ${name}_gives ${names.join(' ')}`),
                ...offering(value),
              ),
            ]
          : []),
      ];
    }),
    ...sharedArguments(table).map(({ value, verbs }) =>
      complete('-n', quoted(`${name}_verb ${verbs.join(' ')}`), ...offering(value)),
    ),
  ].join('\n');
}

function flagNames(names: readonly string[]): readonly string[] {
  return names.flatMap((name) =>
    name.startsWith('--') ? ['-l', name.slice(2)] : ['-s', name.slice(1)],
  );
}

/** A flag that needs this value. */
function requiring(value: ValueEntry): readonly string[] {
  return ['-r', ...offering(value)];
}

function offering({ kind, choices, isList }: ValueEntry): readonly string[] {
  if (choices.length > 0) {
    const words = choices.join(' ');
    return ['-f', '-a', quoted(isList ? `(__fish_append , ${words})` : words)];
  }
  switch (kind) {
    case 'file':
      return ['-F'];
    case 'directory':
      return ['-f', '-a', quoted('(__fish_complete_directories (commandline -ct))')];
    case 'other':
      return ['-f'];
  }
}

/** A word in single quotes, as fish reads it. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
