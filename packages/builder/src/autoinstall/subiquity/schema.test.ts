import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRealSchema } from './real-schema.ts';
import { autoinstallSchema } from './schema.ts';

const real = readRealSchema(process.env['MICRO_LINUX_SHARED']);

/** One valid value of each key; together they cover the whole schema. */
const EVERYTHING = {
  version: 1,
  'interactive-sections': ['network'],
  'early-commands': ['true', ['echo', 'a']],
  reporting: { hook: { type: 'webhook', endpoint: 'x' } },
  'error-commands': [['a']],
  'user-data': { users: [] },
  packages: ['a'],
  'debconf-selections': 'a',
  locale: 'C.UTF-8',
  'refresh-installer': { update: true, channel: 'edge' },
  kernel: { package: 'linux' },
  keyboard: { layout: 'us', variant: '', toggle: null },
  source: { search_drivers: false, id: 'x' },
  network: {
    version: 2,
    ethernets: { match: { name: 'en*', macaddress: 'x', driver: 'y' }, a: { dhcp4: true } },
    wifis: { match: { name: 'wl*' } },
    bridges: {},
    bonds: {},
    tunnels: {},
    vlans: {},
  },
  'ubuntu-pro': { token: `C${'1'.repeat(23)}` },
  'ubuntu-advantage': { token: `C${'z'.repeat(29)}` },
  proxy: null,
  apt: {
    preserve_sources_list: true,
    primary: [1],
    'mirror-selection': { primary: ['country-mirror', { uri: 'u', arches: ['amd64'] }] },
    geoip: true,
    sources: {},
    disable_components: ['universe'],
    preferences: [{ package: 'a', pin: 'b', 'pin-priority': 1 }],
    fallback: 'abort',
  },
  storage: { layout: {} },
  identity: { realname: '', username: 'a', hostname: 'b', password: 'c' },
  ssh: { 'install-server': true, 'authorized-keys': ['a'], 'allow-pw': false },
  snaps: [{ name: 'a', channel: 'b', classic: true }],
  'active-directory': { 'admin-name': 'a', 'domain-name': 'b' },
  codecs: { install: true },
  drivers: { install: false },
  oem: { install: 'auto' },
  timezone: 'geoip',
  updates: 'all',
  'late-commands': ['a'],
  shutdown: 'poweroff',
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

function paths(value: unknown, at: Path = []): Path[] {
  return typeof value === 'object' && value !== null
    ? [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))]
    : [at];
}

/** The value with `change` made at a path. */
function changed(value: Json, path: Path, change: (parent: Json, key: string | number) => void) {
  const copy = structuredClone(value);
  let parent: Json = copy;
  for (const part of path.slice(0, -1)) {
    const inner: Json | undefined = Reflect.get(Object(parent), part);
    if (typeof inner !== 'object' || inner === null) {
      return copy;
    }
    parent = inner;
  }
  const last = path.at(-1);
  if (last !== undefined) {
    change(parent, last);
  }
  return copy;
}

/** Values that are close to the expected ones more often than random ones. */
const value = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, 1, 2, 1.5, 1e300, '', 'auto', 'all', 'a', [], {}),
  fc.constantFrom<Json>([''], [[]], [1], [{}], ['universe'], [['a'], 'b'], { type: 'x' }),
  fc.constantFrom<Json>({ name: 'a' }, { package: 'a' }, { flavor: 'a' }, { uri: 'a' }),
  fc.constantFrom<Json>({ version: 2 }, { network: { version: 2 } }, { network: {} }),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

const KEYS = ['version', 'network', 'install', 'flavor', 'package', 'match', 'extra', 'type'];

const document: fc.Arbitrary<Json> = fc
  .tuple(
    fc.subarray(Object.keys(EVERYTHING), { minLength: 1 }),
    fc.array(
      fc.record({
        path: fc.constantFrom(...paths(EVERYTHING)),
        how: fc.constantFrom('replace', 'remove', 'add'),
        key: fc.constantFrom(...KEYS),
        value,
      }),
      { maxLength: 3 },
    ),
  )
  .map(([keys, changes]) => {
    const some: Json = { ...structuredClone(EVERYTHING) };
    for (const key of Object.keys(EVERYTHING)) {
      if (key !== 'version' && !keys.includes(key)) {
        delete some[key];
      }
    }
    return changes.reduce<Json>(
      (before, { path, how, key, value: next }) =>
        changed(before, how === 'add' ? [...path, key] : path, (parent, last) => {
          if (how === 'remove' && !Array.isArray(parent)) {
            Reflect.deleteProperty(Object(parent), last);
          } else if (how !== 'remove' && typeof parent === 'object' && parent !== null) {
            Reflect.set(parent, last, next);
          }
        }),
      some,
    );
  });

const isOurs = (value: unknown) => autoinstallSchema.safeParse(value).success;

test('accepts a valid value of every key', () => {
  expect(autoinstallSchema.safeParse(EVERYTHING).error?.issues).toBeUndefined();
});

describe.skipIf(real === undefined)("compared with Subiquity's own schema", () => {
  const isReal = new Ajv({ strict: false, validateFormats: false }).compile(real ?? {});

  test('knows the same keys', () => {
    const keys = Object.keys(Object(real?.['properties'])).sort();
    expect(Object.keys(autoinstallSchema.shape).sort()).toEqual(keys);
    expect(Object.keys(EVERYTHING).sort()).toEqual(keys);
    expect(isReal(EVERYTHING)).toBe(true);
  });

  test('gives the same verdict for each single change', () => {
    const wrong: Json[] = [null, 3, 'x', [], {}, [3], [null], { extra: 1 }, true];
    for (const path of paths(EVERYTHING).filter(({ length }) => length > 0)) {
      for (const other of [...wrong, undefined]) {
        const one = changed(EVERYTHING, path, (parent, key) => {
          if (other === undefined) {
            Reflect.deleteProperty(Object(parent), key);
          } else {
            Reflect.set(Object(parent), key, other);
          }
        });
        // YAML has no holes in lists.
        const json: unknown = JSON.parse(JSON.stringify(one));
        expect(isOurs(json), `${path.join('.')} = ${JSON.stringify(other)}`).toBe(isReal(json));
      }
    }
  });

  test.each([
    [{ version: 2, network: { version: 2 } }, false],
    [{ version: 2, network: {} }, true],
    [{ network: { version: 2 } }, true],
    [{ network: { version: 1 } }, false],
    [{}, false],
  ])('a network of %j is valid: %j', (network, valid) => {
    expect(isReal({ version: 1, network })).toBe(valid);
    expect(isOurs({ version: 1, network })).toBe(valid);
  });

  test('gives the same verdict for any document', () => {
    const count = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(document, (json) => {
        const valid = isReal(json);
        count[valid ? 'valid' : 'invalid'] += 1;
        expect(isOurs(json)).toBe(valid);
      }),
      { numRuns: 3000 },
    );
    // Both kinds must occur, or nothing was compared.
    expect(Math.min(count.valid, count.invalid)).toBeGreaterThan(300);
  });
});
