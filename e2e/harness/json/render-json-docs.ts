import {
  CONFIG_FINDING,
  FAILURE,
  jsonSchemaOf,
  OUTPUTS,
  type OutputForm,
} from 'micro-linux/cli/json/outputs';
import { AGENT_OUTPUTS } from 'ota-agent/json/outputs';

/** As much of JSON Schema as the tables need. */
interface Field {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly anyOf?: readonly Field[];
  readonly items?: Field;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
}

const HEAD = `# What \`--json\` prints

With \`--json\` every command of \`micro-linux\` and \`ota-agent\` prints **one JSON object** on standard output, and
nothing else there; notices and progress go to standard error. That holds for wrong arguments, too. (What the
launcher says before the builder runs is text: [host.md](../guides/host.md).)

Each object has \`schema\` (1) and \`ok\`. \`ok\` is false when the command failed or refused, and the exit code is not
0 then ([exit-codes.md](exit-codes.md)); \`ota-agent\` also ends with 3 or 4 when all is well. Fields may be added, so
ignore what you do not know; a field that exists keeps its meaning.

This page is made from the schemas that the tests hold every output against
(\`packages/builder/src/cli/json\`, \`packages/ota-agent/src/json\`). \`?\`: may be absent; \`| null\`: may be null.

## When \`ok\` is false`;

/** docs/reference/json.md as the schemas have it. */
export function jsonDocs(): string {
  return `${[
    HEAD,
    table(FAILURE),
    'More facts of a code stand beside these. `config-invalid` has `findings`, a list of:',
    table(CONFIG_FINDING),
    'Commands that report what they found do so here, too: `doctor`, `inspect` of an update, `test`, `vm --ssh`, `seed --check`, `quickstart`.',
    ...commandSections('micro-linux', OUTPUTS),
    ...commandSections('ota-agent', AGENT_OUTPUTS),
  ].join('\n\n')}\n`;
}

/** A form that several commands share is written out once. */
function commandSections(
  program: string,
  outputs: Readonly<Record<string, readonly OutputForm[]>>,
): readonly string[] {
  const written = new Map<OutputForm['fields'], string>();
  const describe = (verb: string, { when, fields }: OutputForm): readonly string[] => {
    const title =
      when === '' ? verb : when.startsWith('-') ? `${verb} ${when}` : `${verb}, ${when}`;
    const same = written.get(fields);
    if (same !== undefined) {
      return [`### ${title}`, `The same as \`${same}\`.`];
    }
    written.set(fields, title);
    return [`### ${title}`, table(fields)];
  };
  return Object.entries(outputs).flatMap(([verb, forms]) => {
    const [only] = forms;
    return [
      `## ${program} ${verb}`,
      ...(only && forms.length === 1 && program === 'ota-agent'
        ? [table(only.fields)]
        : forms.flatMap((form) => describe(verb, form))),
    ];
  });
}

function table(schema: OutputForm['fields']): string {
  const rows = rowsOf(jsonSchemaOf(schema), '');
  return ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function rowsOf(field: Field, prefix: string): readonly string[] {
  return Object.entries(field.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`;
    const optional = field.required?.includes(name) ? '' : '?';
    const words = [inner, ...(inner.anyOf ?? [])].find(({ description }) => description);
    const row = `| \`${path}${optional}\` | ${typeOf(inner)} | ${words?.description ?? ''} |`;
    return [row, ...rowsOf(...groupIn(inner, path))];
  });
}

/** The object in a field, and how paths into it begin. */
function groupIn(field: Field, path: string): readonly [Field, string] {
  const plain = field.anyOf?.find(({ type }) => type !== 'null') ?? field;
  return plain.type === 'array' ? [plain.items ?? {}, `${path}[].`] : [plain, `${path}.`];
}

function typeOf(field: Field): string {
  if (field.anyOf) {
    return field.anyOf.map(typeOf).join(' \\| ');
  }
  if (field.enum) {
    return field.enum.map((value) => `\`${value}\``).join(', ');
  }
  if (field.const !== undefined) {
    return `\`${String(field.const)}\``;
  }
  return field.type === 'array' ? `list of ${typeOf(field.items ?? {})}` : (field.type ?? 'any');
}
