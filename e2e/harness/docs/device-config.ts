import { agentConfigSchema } from '@micro-linux/provision';
import { jsonSchemaOf } from 'micro-linux/cli/json/outputs';

/** As much of JSON Schema as the table needs. */
interface Field {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Field>>;
}

const HEAD = `# Configuration of a device

How \`ota-agent\` behaves on a device: \`config.yaml\` in \`/etc/ota-agent\`, \`/run/ota-agent\` or \`/usr/lib/ota-agent\`
(the first one found), then every \`config.yaml.d/*.yaml\` of all three, sorted by name. Every key may be left out.
[Operate devices](../guides/operations.md) and [Health checks](../guides/health.md) say when to change one.

This page is made from the schema that the agent checks these files by: \`node e2e/harness/docs/write-docs.ts\` writes
it, and \`npm test\` compares.`;

/** docs/reference/device-config.md as the schema has it. */
export function deviceConfigDocs(): string {
  const schema: Field = jsonSchemaOf(agentConfigSchema);
  const rows = keysOf(schema, '').map(
    ({ path, field }) =>
      `| \`${path}\` | ${field.description ?? ''} | ${rangeOf(field)} | \`${JSON.stringify(field.default).replaceAll('|', '\\|')}\` |`,
  );
  return `${[
    HEAD,
    ['| key | meaning | values | default |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n')}\n`;
}

function keysOf(field: Field, prefix: string): { readonly path: string; readonly field: Field }[] {
  return Object.entries(field.properties ?? {}).flatMap(([name, inner]) =>
    inner.properties
      ? keysOf(inner, `${prefix}${name}.`)
      : [{ path: `${prefix}${name}`, field: inner }],
  );
}

function rangeOf({ type, minimum, maximum, maxItems }: Field): string {
  if (type === 'integer') {
    return `${minimum} to ${maximum}`;
  }
  return type === 'array'
    ? `list${maxItems === undefined ? '' : `, at most ${maxItems}`}`
    : 'true or false';
}
