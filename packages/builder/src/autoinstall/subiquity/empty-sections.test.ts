import { expect, test } from 'vitest';
import { lintSeed } from '../check/lint-seed.ts';
import { TOP_KEYS } from './known-keys.ts';

/** Sections that end the installation if they are null, asked of Subiquity's server (24.04). */
const REFUSED = [
  ...['version', 'interactive-sections', 'early-commands', 'error-commands', 'packages'],
  ...['debconf-selections', 'locale', 'snaps', 'oem', 'updates', 'late-commands'],
  // Without it, there is no user.
  'identity',
];

const identity = `identity: {username: ada, hostname: a, password: '!'}\nssh: {install-server: true, authorized-keys: [${'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFE2pdgXi1lB9pR2kTuzFY5O8dRCGLrrsNE4Y0fQrx3t a'}]}`;

function errorsOf(text: string): readonly string[] {
  const { findings } = lintSeed(text, { file: 'autoinstall.yaml', installer: 'subiquity' });
  return findings.filter(({ severity }) => severity === 'error').map(({ path }) => path);
}

test.each(TOP_KEYS)('%s may be null exactly where Subiquity accepts it', (key) => {
  const others = `version: 1\n${identity}\n`
    .split('\n')
    .filter((line) => !line.startsWith(`${key}:`))
    .join('\n');
  const errors = errorsOf(`${others}${key}:\n`).filter((path) => path === key || path === '');
  expect(errors.length > 0).toBe(REFUSED.includes(key));
});

test('user-data that is null replaces identity, as in Subiquity', () => {
  expect(errorsOf('version: 1\nuser-data:\nstorage: {layout: {name: lvm}}\n')).toEqual([]);
});

test("micro-linux's own installer needs its sections", () => {
  const { findings } = lintSeed(`version: 1\n${identity}\nnetwork:\n`, {
    file: 'autoinstall.yaml',
    installer: 'micro-linux',
  });
  expect(findings).toContainEqual(
    expect.objectContaining({ rule: 'not-honoured', path: 'network' }),
  );
});
