import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildName } from './build-name.ts';

test('names the product, the version, the profile and the variant', () => {
  const config = {
    compatible: 'acme-gateway',
    version: '1.2.3-rc.1',
    profile: 'bookworm',
  } as const;
  expect(buildName(config, undefined)).toBe('acme-gateway_1.2.3-rc.1_bookworm');
  expect(buildName(config, 'lab')).toBe('acme-gateway_1.2.3-rc.1_bookworm~lab');
});

test('no two builds have the same name', () => {
  // Few letters, so that parts of a name often look like parts of another.
  const product = fc.stringMatching(/^[a1][a1._-]{0,12}$/);
  const version = fc.stringMatching(/^1\.[01]\.1(-[a1.]{1,4})?$/);
  const profile = fc.constantFrom('noble', 'bookworm');
  const variant = fc.option(fc.stringMatching(/^[a1][a1._-]{0,12}$/), { nil: undefined });
  const build = fc.tuple(product, version, profile, variant);
  fc.assert(
    fc.property(build, build, (one, other) => {
      const [first, second] = [one, other].map(([compatible, version, profile, variant]) =>
        buildName({ compatible, version, profile }, variant),
      );
      expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other));
      expect(first).toMatch(/^[a-z0-9._~-]+$/);
    }),
    { numRuns: 2000 },
  );
});

test('refuses a name that no file can have, before anything is built', () => {
  const config = { compatible: 'a'.repeat(128), version: '1.0.0', profile: 'noble' } as const;
  expect(() => buildName(config, 'b'.repeat(64))).toThrow(/too long for a file name/);
});
