import {
  type CommandTable,
  commonOptions,
  type FlagEntry,
  type ValueEntry,
  type VerbEntry,
} from '@micro-linux/core/cli';
import { AGENT_TABLE, BUILDER_TABLE } from '../completion/tables.ts';

const HEAD = `# Commands

Every verb of \`micro-linux\` and \`ota-agent\` with its options, as \`--help\` has them. This page is made from the
programs themselves: \`node e2e/harness/docs/write-docs.ts\` writes it, and \`npm test\` compares.

[Exit codes](exit-codes.md) are the same for both programs. [A project of your own](../guides/project.md#completion)
says how a shell completes all this. Every verb also has these options:

${table(commonOptions().map((option) => row(option.flags, option.description)))}

\`--json\` prints [one object](json.md), which \`--quiet\` and \`--verbose\` do not change. With \`--quiet\`, a verb
whose point is what it makes (\`build\`, \`init\`, \`apply\`) prints nothing if all is well; one whose point is what it
prints (\`config\`, \`inspect\`, \`status\`, every \`--dry-run\`) prints that, and nothing else. Warnings are always
printed: the result may not be what you expect. \`--verbose\` prints each command after a \`$\`, its output, and
\`# NAME: SECONDS s\` when it ends. It shows no output that a log of the build would not contain, and neither arguments
nor output of commands of your own (\`update.signCommand\`, the commands of a seed), which may contain secrets.`;

const COMMON = new Set(commonOptions().map(({ long }) => long));

/** Flags of the config have one table for all verbs that take them. */
const CONFIG_HEADING = 'Flags of the config';

/** docs/reference/commands.md as the programs have it. */
export function commandLineDocs(): string {
  return `${[
    HEAD,
    ...verbsOf(BUILDER_TABLE).flatMap((verb) => verbSection('micro-linux', verb)),
    `## ${CONFIG_HEADING}`,
    'They replace the config file and the environment, or add to their lists: [config.md](config.md).',
    configTable(BUILDER_TABLE.verbs),
    ...verbsOf(AGENT_TABLE).flatMap((verb) => verbSection('ota-agent', verb)),
  ].join('\n\n')}\n`;
}

/** The options of each verb by program and verb, such as `micro-linux build`; those of all included. */
export function knownFlags(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [BUILDER_TABLE, AGENT_TABLE].flatMap(({ program, verbs }) =>
      verbs.map(
        (verb) => [`${program} ${verb.name}`, verb.flags.flatMap(({ names }) => names)] as const,
      ),
    ),
  );
}

/** The verbs of a program in the order of its help, without `help`. */
function verbsOf({ verbs }: CommandTable): readonly VerbEntry[] {
  return verbs.filter(({ name }) => name !== 'help');
}

function verbSection(program: string, verb: VerbEntry): readonly string[] {
  const names = verb.arguments.map(valueName);
  const own = verb.flags.filter((flag) => !isOfConfig(flag) && !isCommon(flag));
  const takesConfig = verb.flags.some(isOfConfig);
  const rows = [
    ...verb.arguments.map((argument, index) =>
      row(names[index] ?? '', describe(argument.description, argument)),
    ),
    ...own.map(flagRow),
  ];
  return [
    `## ${[program, verb.name, ...names].join(' ')}`.replaceAll(/[<>]/g, ''),
    `${sentence(verb.description)}${takesConfig ? ` Takes the [flags of the config](#${CONFIG_HEADING.toLowerCase().replaceAll(' ', '-')}).` : ''}`,
    ...(rows.length === 0 ? [] : [table(rows)]),
  ];
}

/** The flags that verbs have in a group of their own: the same for all that have them. */
function configTable(verbs: readonly VerbEntry[]): string {
  const flags = verbs.flatMap((verb) => verb.flags).filter(isOfConfig);
  return table([...new Set(flags.map(flagRow))]);
}

function flagRow(flag: FlagEntry): string {
  const value = flag.value ? ` ${valueName(flag.value)}` : '';
  // The short name first, as in `--help`.
  return row(
    `${flag.names.toReversed().join(', ')}${value}`,
    describe(flag.description, flag.value),
  );
}

/** Whether `addConfigOptions` added it: only that gives options a heading of their own. */
function isOfConfig({ group }: FlagEntry): boolean {
  return group !== undefined;
}

/** Whether every verb has it, `--help` included. */
function isCommon({ names }: FlagEntry): boolean {
  return names.some((name) => COMMON.has(name) || name === '--help');
}

function valueName({ name, isVariadic, isRequired }: ValueEntry): string {
  const text = `${name}${isVariadic ? '...' : ''}`;
  return isRequired ? `<${text}>` : `[${text}]`;
}

function describe(description: string, value: ValueEntry | undefined): string {
  const { choices = [], isChecked = false, defaultValue } = value ?? {};
  const notes = [
    ...(isChecked ? [`one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`] : []),
    ...(defaultValue === undefined ? [] : [`default: \`${defaultValue}\``]),
  ];
  return `${description}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function row(name: string, meaning: string): string {
  return `| \`${name.replaceAll('|', '\\|')}\` | ${escaped(meaning)} |`;
}

/** What Markdown, or the Vue behind the site, would take for markup. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('{', '&#123;');
}

function table(rows: readonly string[]): string {
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
}
