import { createRequire } from 'node:module';
import { join } from 'node:path';
import { commands as builderCommands } from 'micro-linux/cli/commands/index';
import { commands as agentCommands } from 'ota-agent/commands/index';
import { REPOSITORY } from './repository-files.ts';

type Command = Parameters<(typeof builderCommands)[number]>[0];
type Option = Command['options'][number];
/** What adds a verb to a program; what it does when it runs is never asked for here. */
type Register = (program: Command, context: () => never, setExitCode: () => void) => void;

// A dependency of the two programs, not of the workspace.
const { Command: Program }: { readonly Command: new () => Command } = createRequire(
  join(REPOSITORY, 'packages/builder/package.json'),
)('commander');

const HEAD = `# Commands

Every verb of \`micro-linux\` and \`ota-agent\` with its options, as \`--help\` has them. This page is made from the
programs themselves: \`node e2e/harness/docs/write-docs.ts\` writes it, and \`npm test\` compares.

Every verb also takes \`--json\` ([what it prints](json.md)) and \`--help\`. [Exit codes](exit-codes.md) are the same
for both programs.`;

/** Flags of the config have one table for all verbs that take them. */
const CONFIG_HEADING = 'Flags of the config';

/** docs/reference/commands.md as the programs have it. */
export function commandLineDocs(): string {
  const builder = verbsOf(builderCommands);
  const agent = verbsOf(agentCommands);
  return `${[
    HEAD,
    ...builder.flatMap((verb) => verbSection('micro-linux', verb)),
    `## ${CONFIG_HEADING}`,
    'They replace the config file and the environment, or add to their lists: [config.md](config.md).',
    configTable(builder),
    ...agent.flatMap((verb) => verbSection('ota-agent', verb)),
  ].join('\n\n')}\n`;
}

/** The options of each verb by program and verb, such as `micro-linux build`; those of all included. */
export function knownFlags(): ReadonlyMap<string, readonly string[]> {
  const programs = [
    ['micro-linux', verbsOf(builderCommands)],
    ['ota-agent', verbsOf(agentCommands)],
  ] as const;
  return new Map(
    programs.flatMap(([program, verbs]) =>
      verbs.map((verb) => {
        const own = verb.options.flatMap(({ long, short }) => [long ?? '', short ?? '']);
        return [`${program} ${verb.name()}`, [...own, '--json', '--help']] as const;
      }),
    ),
  );
}

/** The verbs of a program in the order of its help. */
function verbsOf(registers: readonly Register[]): readonly Command[] {
  const program = new Program();
  for (const register of registers) {
    register(
      program,
      () => {
        throw new Error('no verb runs here');
      },
      () => undefined,
    );
  }
  return program.commands;
}

function verbSection(program: string, verb: Command): readonly string[] {
  const names = verb.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const visible = verb.options.filter(({ hidden }) => !hidden);
  const own = visible.filter((option) => !isOfConfig(option));
  const takesConfig = visible.some(isOfConfig);
  const rows = [
    ...verb.registeredArguments.map((argument, index) =>
      row(names[index] ?? '', argument.description),
    ),
    ...own.map((option) => row(option.flags, describe(option))),
  ];
  return [
    `## ${[program, verb.name(), ...names].join(' ')}`.replaceAll(/[<>]/g, ''),
    `${sentence(verb.description())}${takesConfig ? ` Takes the [flags of the config](#${CONFIG_HEADING.toLowerCase().replaceAll(' ', '-')}).` : ''}`,
    ...(rows.length === 0 ? [] : [table(rows)]),
  ];
}

/** The flags that verbs have in a group of their own: the same for all that have them. */
function configTable(verbs: readonly Command[]): string {
  const flags = verbs.flatMap((verb) => verb.options).filter(isOfConfig);
  const rows = flags.map((option) => row(option.flags, describe(option)));
  return table([...new Set(rows)]);
}

/** Whether `addConfigOptions` added it: only that gives options a heading of their own. */
function isOfConfig({ helpGroupHeading }: Option): boolean {
  return helpGroupHeading !== undefined;
}

function describe({ description, defaultValue, argChoices }: Option): string {
  const notes = [
    ...(argChoices ? [`one of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`] : []),
    ...(defaultValue === undefined || defaultValue === true || defaultValue === false
      ? []
      : [`default: \`${String(defaultValue)}\``]),
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
