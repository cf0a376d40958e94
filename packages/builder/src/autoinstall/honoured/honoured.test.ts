import { type Group, isGroup, readInstallSeed } from '@micro-linux/provision';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonYaml } from '../../config/python-yaml.ts';
import { testConfig } from '../../jobs/build/testing.ts';
import { lintSeed } from '../check/lint-seed.ts';
import { makeAutoinstall } from '../make/autoinstall.ts';

const FILE = 'autoinstall.yaml';
const STATIC =
  'network: {kind: static, interface: eth0, address: 192.0.2.10, prefix: 24, gateway: 192.0.2.1, dns: [192.0.2.53]}';

const VALUES = [
  ...['', 'x', 'eth0', 'en*', '192.0.2.9/24', '4G', '1000000', 'root', '!', HASHES[1], KEYS[1]],
  ...['Europe/Oslo', 'largest', '/dev/sda', '../x', 'a\nb', 0, 1, 2, -1, 1.5, true, false, null],
  ...[[], {}, ['x'], [KEYS[1]], { name: 'eth1' }],
];

/** Every path in a value that a test can change. */
function places(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  const inner = isGroup(value)
    ? Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))
    : Array.isArray(value)
      ? value.flatMap((child, index) => places(child, [...path, index]))
      : [];
  return path.length === 0 ? inner : [[...path], ...inner];
}

/** A copy with another value at a path; undefined removes it. */
function changed(value: unknown, [key, ...rest]: (string | number)[], other: unknown): unknown {
  if (key === undefined) {
    return other;
  }
  if (Array.isArray(value)) {
    return value.flatMap((child, index) =>
      index !== key
        ? [child]
        : rest.length + (other === undefined ? 0 : 1) === 0
          ? []
          : [changed(child, rest, other)],
    );
  }
  const group = value as Group;
  const { [key]: child, ...others } = group;
  return rest.length === 0 && other === undefined
    ? others
    : { ...group, [key]: changed(child, rest, other) };
}

test('the device accepts what passes the check, and refuses what the check calls unsupported', async () => {
  const configs = await Promise.all(
    ['', STATIC, 'install: {preserveData: true, disk: {serial: S4*}}'].map(testConfig),
  );
  const seeds = configs.map((config) => makeAutoinstall(config, HASHES[0]));
  const wish = fc.constantFrom(...seeds).chain((seed) =>
    fc.record({
      seed: fc.constant<unknown>(seed),
      path: fc.constantFrom(...places(seed)),
      other: fc.constantFrom(undefined, ...VALUES),
      extra: fc.constantFrom(undefined, 'extra'),
    }),
  );
  let taken = 0;
  fc.assert(
    fc.property(wish, ({ seed, path, other, extra }) => {
      const place = extra === undefined ? path : [...path.slice(0, -1), extra];
      const onlyInGroups = extra !== undefined && typeof path.at(-1) === 'number';
      const text = pythonYaml(changed(seed, onlyInGroups ? path : place, other) as object);
      const errors = lintSeed(text, { file: FILE, installer: 'micro-linux' }).findings.filter(
        ({ severity }) => severity === 'error',
      );
      if (errors.length === 0) {
        taken += 1;
        readInstallSeed(text, FILE);
      } else if (errors.some(({ rule }) => rule === 'not-honoured')) {
        expect(() => readInstallSeed(text, FILE)).toThrow();
      }
    }),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(0);
});
