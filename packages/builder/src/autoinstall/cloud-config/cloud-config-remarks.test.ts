import { expect, test } from 'vitest';
import { lintSeed } from '../check/lint-seed.ts';

/** Errors in `user-data`, without the path of the section. */
function errorsIn(userData: string): string[] {
  const { findings } = lintSeed(
    `{version: 1, storage: {layout: {name: lvm}}, user-data: ${userData}}`,
    {
      file: 'autoinstall.yaml',
      installer: 'subiquity',
    },
  );
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ path, problem }) => `${path.replace('user-data.', '')}: ${problem}`);
}

// Verdicts of cloud-init 25.3 with jsonschema 3.2, as e2e/oracle/cloud-config asks for them.
test.each([
  '{users: ada}',
  '{users: [default, [a, b], {name: ada, sudo: null}]}',
  '{runcmd: [[ls, -l], ls, null]}',
  '{packages: [a, [b, "1"], {snap: [c]}]}',
  '{timezone: Etc/UTC, locale: false}',
  '{user: {name: ada, expiredate: "2030-1-31"}}',
  '{ntp: {servers: [ntp.example, 192.0.2.1]}}',
  '{write_files: [{path: /a, content: !!binary aGFsbG8=}]}',
  '{power_state: {delay: "5\\n", mode: halt}}',
  '{groups: [a, {b: [c]}]}',
  '{growpart: {mode: false}}',
  '{apt: {proxy: "not a uri"}}',
  '{ubuntu_advantage: {token: a}}',
  '{autoinstall: {version: 1}, version: []}',
])('accepts %s, as cloud-init does', (userData) => {
  expect(errorsIn(userData)).toEqual([]);
});

test.each([
  ['{users: 5}', 'users: must be text or a list or a group of keys, not a number'],
  ['{users: [{}]}', 'users[0]: needs `name`, or `snapuser`'],
  ['{users: [{name: [1]}]}', 'users[0].name: must be text, not a list'],
  ['{users: [{name: a, lock_passwd: x}]}', 'users[0].lock_passwd: must be true or false, not text'],
  ['{users: [{name: a, uid: 1.0}]}', 'users[0].uid: must be a whole number or text, not a number'],
  ['{users: [{name: a, shel: x}]}', 'users[0].shel: is not a key that cloud-init knows here'],
  ['{packages: [[a, b, c]]}', 'packages[0]: has more than 2 entries'],
  ['{runcmd: []}', 'runcmd: has fewer than 1 entry'],
  ['{user: {name: a, expiredate: 2030-01-31}}', 'user.expiredate: must be text, not a date'],
  ['{user: {name: a, expiredate: "2030-02-30"}}', 'user.expiredate: is not a date'],
  ['{ntp: {servers: [-x]}}', 'ntp.servers[0]: is not a host name or an address'],
  ['{ssh_keys: {rsa: a}}', 'ssh_keys.rsa: is not a key that cloud-init knows here'],
  // In Python, a pattern cannot be matched with a number.
  ['{groups: {1: [a]}}', 'groups.1: is not a key that cloud-init knows here'],
  ['{groups: {constructor: 1}}', 'groups.constructor: must be text or a list, not a number'],
  ['{apt: {disable_suites: [a, a]}}', 'apt.disable_suites: has an entry twice'],
  ['{swap: {size: 5Q}}', 'swap.size: does not have the form that cloud-init requires'],
  ['{phone_home: {url: a, tries: "1"}}', 'phone_home.tries: must be a whole number, not text'],
  ['{timezone: 2030-01-31}', 'timezone: must be text, not a date'],
  [
    '{write_files: [{path: /a, owner: !!set {a}}]}',
    'write_files[0].owner: must be text, not a group',
  ],
  [
    '{rh_subscription: {service-level: a, service_level: a}}',
    'rh_subscription: has keys that exclude each other',
  ],
  [
    '{reporting: {a: {type: webhook, endpoint: 5}}}',
    'reporting.a.endpoint: must be text, not a number',
  ],
  ['{reporting: {a: {type: mail}}}', 'reporting.a.type: "mail" is not one of '],
  ['{chpasswd: {users: [{name: a, type: hash}]}}', 'chpasswd.users[0]: needs `password`'],
  ['{runcmds: []}', 'runcmds: is not a key of cloud-config'],
])('refuses %s, as cloud-init does', (userData, error) => {
  expect(errorsIn(userData)).toEqual([expect.stringContaining(error)]);
});

test('reports each section and each entry once, and never shows a secret', () => {
  const errors = errorsIn(
    '{users: [{name: a, passwd: [hunter2]}, {nam: b}], chpasswd: {list: {a: hunter2}}, ssh_keys: {hunter2: 1}}',
  );
  expect(errors.map((text) => text.split(':')[0])).toEqual([
    ...['users[0].passwd', 'users[1]', 'chpasswd.list', 'ssh_keys.hunter2'],
  ]);
  expect(errors.slice(0, 3).join()).not.toContain('hunter2');
});
