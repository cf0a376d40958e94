import { CLOUD_CONFIG_SCHEMA as schema } from 'micro-linux/autoinstall/cloud-config/schema-errors';

/** A scalar or flow collection as it is written in YAML. */
class Written {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Random = () => number;
type Node = Readonly<Record<string, unknown>>;

const TEXTS = [
  ...['', 'a', 'ada', 'a b', 'x\ny', 'a\n', 'ä', '0', '1', 'true', 'auto', 'off', 'a:b', '5\n'],
  ...['ntp.example', '-x', `${'a'.repeat(64)}.example`, '192.0.2.1', '2001:db8::1', 'a_b', 'a\n'],
  ...['2030-01-31', '2030-1-1', '2030-02-30', '20300131', '1G', '1.5G', '.5M', '5Q', '+5', 'now'],
  ...['http://example.com', 'x,y', 'x,,y', 'rsa_private', 'ed25519_public', 'dsa_private', '[]'],
];
const NUMBERS = [0, 1, 2, -1, 5, 300, 1.5, 0o600];
/** Values that JSON does not have. */
const WRITTEN = [
  ...['1.0', '-0.0', '1e300', '.inf', '.nan', '2030-01-31', '2030-01-31 10:00:00', '~', '0o17'],
  ...['017', '12:30', '!!binary aGFsbG8=', '!!set {a}', '!!omap [a: 1]', '!!pairs [a: 1]', 'yes'],
  ...['{1: a}', '{true: [a]}', '{null: x}', '{2030-01-31: x}', '[[1.0]]', '{a: 1, 1: 2}'],
].map((text) => new Written(text));

const KEYS = ['a', 'sda', 'own', 'name', 'type', '1', 'a b', 'constructor', 'x\ny', 'ü', ''];
const DEFINITIONS = schema.$defs as Readonly<Record<string, Node>>;
const SECTIONS = Object.entries(DEFINITIONS).flatMap(([name, definition]) =>
  name.startsWith('cc_') || name.endsWith('_config')
    ? Object.entries((definition['properties'] ?? {}) as Readonly<Record<string, Node>>)
    : [],
);

/** A cloud-config with a few sections, most of them nearly valid, as YAML. */
export function cloudConfig(random: Random): string {
  const made: Record<string, unknown> = {};
  const count = 1 + Math.floor(random() * 2);
  // Few documents have several faults: one hides the others.
  const faults = random() < 0.3 ? 0 : random() * 0.12;
  for (let time = 0; time < count; time++) {
    const [key, node] = pick(SECTIONS, random);
    made[key] = make(node, 0, faults, random);
  }
  if (random() < 0.02) {
    made[pick([...Object.keys(schema.properties), 'zz'], random)] = anything(random);
  }
  return written(made);
}

function make(node: Node, depth: number, faults: number, random: Random): unknown {
  if (random() < faults) {
    return anything(random);
  }
  const next = (inner: unknown) => make(inner as Node, depth + 1, faults, random);
  if (typeof node['$ref'] === 'string') {
    return make(DEFINITIONS[node['$ref'].slice('#/$defs/'.length)] ?? {}, depth, faults, random);
  }
  const alternatives = [node['oneOf'], node['anyOf']].find(Array.isArray) as Node[] | undefined;
  const chosen = alternatives === undefined ? {} : pick(alternatives, random);
  if (alternatives !== undefined && !('properties' in node)) {
    return make({ ...node, oneOf: undefined, anyOf: undefined, ...chosen }, depth, faults, random);
  }
  if (Array.isArray(node['enum'])) {
    return pick(node['enum'], random);
  }
  const required = [node, chosen].flatMap((one) => (one['required'] ?? []) as string[]);
  switch (
    [node['type'] ?? (node['properties'] ? 'object' : 'any')].flat().at(pickAt(node, random))
  ) {
    case 'object':
      return group({ ...node, required }, depth, faults, random, next);
    case 'array': {
      const least = Number(node['minItems'] ?? 0);
      const count = least + Math.floor(random() * 2.2) - (random() < faults ? 1 : 0);
      return Array.from({ length: Math.max(0, count) }, () => next(node['items'] ?? {}));
    }
    case 'string':
      return pick(TEXTS, random);
    case 'integer':
    case 'number':
      return pick(NUMBERS, random);
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    default:
      return anything(random);
  }
}

function pickAt(node: Node, random: Random): number {
  const types = [node['type'] ?? 'any'].flat();
  return Math.floor(random() * types.length);
}

function group(
  node: Node & { readonly required: readonly string[] },
  depth: number,
  faults: number,
  random: Random,
  next: (inner: unknown) => unknown,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  const properties = (node['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  const share = 2.5 / (Object.keys(properties).length + 1);
  for (const [key, inner] of Object.entries(properties)) {
    if (node.required.includes(key) ? random() > faults : random() < share) {
      made[key] = next(inner);
    }
  }
  for (const inner of Object.values((node['patternProperties'] ?? {}) as object)) {
    for (let count = Math.floor(random() * 3); count > 0; count--) {
      made[pick(KEYS, random)] = next(inner);
    }
  }
  if (typeof node['additionalProperties'] === 'object' && random() < 0.6) {
    made[pick(KEYS, random)] = next(node['additionalProperties']);
  }
  if (random() < faults) {
    made[pick(KEYS, random)] = depth > 6 ? null : anything(random);
  }
  return made;
}

function anything(random: Random): unknown {
  return pick<unknown>(
    [
      pick(TEXTS, random),
      pick(NUMBERS, random),
      pick(WRITTEN, random),
      ...[null, true, false, [], {}, ['a'], ['a', 'a'], [1, true], [['a', 'b']], { a: 'b' }],
    ],
    random,
  );
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** YAML in flow style. */
function written(value: unknown): string {
  if (value instanceof Written) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return `[${value.map(written).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(
      ([key, inner]) => `${JSON.stringify(key)}: ${written(inner)}`,
    );
    return `{${pairs.join(', ')}}`;
  }
  return JSON.stringify(value ?? null);
}
