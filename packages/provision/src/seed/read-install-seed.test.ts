import { MIB, MicroLinuxError } from '@micro-linux/core';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { HASHES, KEYS } from '../testing.ts';
import { installCommand } from './install-program.ts';
import { networkSection } from './network-section.ts';
import { readInstallSeed } from './read-install-seed.ts';
import { storageSection } from './storage-section.ts';

const MATCH = {
  size: 'largest',
  serial: undefined,
  model: undefined,
  path: undefined,
  ssd: undefined,
} as const;
const SIZES = { espBytes: 64 * MIB, slotBytes: 1536 * MIB };
const SEED = {
  version: 1,
  network: networkSection({ kind: 'dhcp', interface: undefined }),
  storage: storageSection({ disk: SIZES, match: MATCH, preserveData: false }),
  identity: { hostname: 'box', username: 'ada', password: HASHES[0] },
  ssh: { 'install-server': true, 'allow-pw': true, 'authorized-keys': [KEYS[0]] },
};

const read = (seed: object) => readInstallSeed(stringify(seed), 'autoinstall.yaml');

function refusal(seed: object | string): MicroLinuxError {
  try {
    readInstallSeed(typeof seed === 'string' ? seed : stringify(seed), 'autoinstall.yaml');
  } catch (error) {
    if (error instanceof MicroLinuxError) {
      return error;
    }
    throw error;
  }
  throw new Error('the seed is taken');
}

test('reads the identity, the disk and the final action', () => {
  expect(read(SEED)).toEqual({
    identity: {
      hostname: 'box',
      user: 'ada',
      passwordHash: HASHES[0],
      sshPassword: true,
      sshKeys: [KEYS[0]],
      network: { kind: 'dhcp', interface: undefined },
      timezone: 'Etc/UTC',
      locale: 'C.UTF-8',
    },
    disk: { match: MATCH, ...SIZES, preserveData: false },
    earlyCommands: [],
    lateCommands: [],
    errorCommands: [],
    shutdown: 'reboot',
  });
});

test('also accepts the form of user-data, and nothing next to the key', () => {
  expect(read({ autoinstall: SEED })).toEqual(read(SEED));
  expect(refusal({ autoinstall: SEED, users: [] })).toMatchObject({
    code: 'seed-invalid',
    exitCode: 2,
    why: expect.stringContaining('next to'),
  });
});

test('removes only our own lines from the commands', () => {
  const seed = read({
    ...SEED,
    'early-commands': ['modprobe x', installCommand('early'), installCommand('late')],
    'late-commands': ['sh /cdrom/micro-linux/install late', ['echo', 'done']],
    'error-commands': ['logger failed'],
  });
  expect(seed.earlyCommands).toEqual(['modprobe x', installCommand('late')]);
  expect(seed.lateCommands).toEqual([['echo', 'done']]);
  expect(seed.errorCommands).toEqual(['logger failed']);
});

describe('logging in', () => {
  const login = (password: string, ssh: object) => {
    const { identity } = read({
      ...SEED,
      identity: { ...SEED.identity, password },
      ssh: { 'install-server': true, ...ssh },
    });
    return [identity.passwordHash !== undefined, identity.sshPassword];
  };

  test.each([
    ['!', { 'authorized-keys': [KEYS[0]] }, [false, false]],
    ['!', { 'authorized-keys': [KEYS[0]], 'allow-pw': true }, [false, false]],
    [HASHES[0], { 'authorized-keys': [KEYS[0]], 'allow-pw': false }, [true, false]],
    [HASHES[0], { 'authorized-keys': [KEYS[0]] }, [true, false]],
    [HASHES[0], {}, [true, true]],
  ])('password %s with %j: password set, and accepted by ssh: %j', (password, ssh, expected) => {
    expect(login(password, ssh)).toEqual(expected);
  });

  test('refuses a seed with which nobody could log in', () => {
    const locked = { ...SEED, identity: { ...SEED.identity, password: '!' } };
    expect(refusal({ ...locked, ssh: { 'install-server': true } }).why).toContain('nobody could');
  });
});

test.each([
  ['203.0.113.9', 32, '172.31.1.1'],
  ['2001:db8::9', 128, '2001:db8:1::1'],
] as const)(
  'takes the router of %s/%d that our own seed has on the link',
  (address, prefix, gateway) => {
    const network = {
      kind: 'static',
      interface: 'eth0',
      address,
      prefix,
      gateway,
      dns: [],
    } as const;
    const section = networkSection(network);
    expect(section.ethernets['wired']?.routes).toEqual([
      { to: 'default', via: gateway, 'on-link': true },
    ]);
    expect(read({ ...SEED, network: section }).identity.network).toEqual(network);
  },
);

test.each([
  ['a MAC address, or any text, of digits', 'identity: {hostname: 52:54:00:12:34:56}'],
  ['a tab after a value', 'timezone: Etc/UTC\t# the clock'],
  ['a colon first in braces', 'network: {to: ::/0}'],
])('reads as PyYAML does: %s is refused', (_, text) => {
  expect(refusal(`${text}\n`).exitCode).toBe(2);
});

test('accepts a user named no, quoted as we write it', () => {
  const text = JSON.stringify({ ...SEED, identity: { ...SEED.identity, username: 'no' } });
  expect(readInstallSeed(text, 'autoinstall.yaml').identity.user).toBe('no');
  expect(refusal(text.replace('"no"', 'no')).code).toBe('seed-not-honoured');
});

describe('the network', () => {
  const ethernets = (devices: object) => ({ ...SEED, network: { version: 2, ethernets: devices } });
  const device = { match: { name: 'eth0' }, dhcp4: false, addresses: ['192.0.2.10/24'] };

  test('is static if it has an address, whatever the id of the device', () => {
    const routes = [{ to: 'default', via: '192.0.2.1' }];
    const nameservers = { addresses: ['192.0.2.53', '2001:db8::53'] };
    expect(read(ethernets({ lan: { ...device, routes, nameservers } })).identity.network).toEqual({
      kind: 'static',
      interface: 'eth0',
      address: '192.0.2.10',
      prefix: 24,
      gateway: '192.0.2.1',
      dns: ['192.0.2.53', '2001:db8::53'],
    });
  });

  test.each([
    [{}, 'network.ethernets: must be one device'],
    [{ a: { match: { name: 'a' }, dhcp4: true, dhcp6: true }, b: device }, 'must be one device'],
    [{ a: { match: { name: 'en*' }, dhcp4: true, dhcp6: true } }, '"en*" is not an interface name'],
    [{ a: { match: { name: 'eth0' }, dhcp4: true } }, 'dhcp6: is missing; write true'],
    [
      { a: { ...device, dhcp4: true } },
      'dhcp4: differs from the only form that is supported; write false',
    ],
    [{ a: { ...device, optional: false } }, 'optional: differs'],
    [{ a: { ...device, addresses: ['192.0.2.10'] } }, 'has no prefix length'],
    [{ a: { ...device, addresses: ['192.0.2.0/24'] } }, 'is the network address'],
    [{ a: { ...device, addresses: ['192.0.2.10/33'] } }, 'out of range'],
    [{ a: { ...device, addresses: ['a/24'] } }, 'is not an IP address'],
    [{ a: { ...device, routes: [{ to: 'default', via: '10.0.0.1' }] } }, 'outside the network'],
    [{ a: { ...device, nameservers: { addresses: ['dns'] } } }, 'nameservers.addresses[0]: "dns"'],
    [{ a: { ...device, macaddress: 'x' } }, 'network.ethernets.a.macaddress: has no effect here'],
  ])('%j is refused', (devices, why) => {
    expect(refusal(ethernets(devices)).why).toContain(why);
  });
});

test.each([
  [{ hostname: 'a_b' }, 'identity.hostname: "a_b" is not a host name'],
  [{ username: 'admin' }, 'identity.username: "admin" is a name that the installer keeps'],
  [{ username: 'a:b' }, 'identity.username: "a:b" is not a user name'],
  [{ password: 'hunter2' }, 'identity.password: is not a complete hash'],
  [{ realname: 'Ada' }, 'identity.realname: has no effect here'],
])('identity %j is refused', (change, why) => {
  const error = refusal({ ...SEED, identity: { ...SEED.identity, ...change } });
  expect(error).toMatchObject({ code: 'seed-not-honoured', exitCode: 2 });
  expect(error.why).toContain(why);
  expect(error.details['finding1']).toContain(why);
  expect(JSON.stringify([error, error.why, error.message])).not.toContain('hunter2');
});

test.each([
  [{ timezone: '../../../etc/shadow' }, 'timezone: '],
  [{ timezone: 'geoip' }, 'timezone: "geoip" is not a time zone'],
  [{ locale: 'C\nX=1' }, 'locale: '],
  [{ shutdown: 'halt' }, 'shutdown: must be "reboot" or "poweroff"'],
  [{ packages: ['vim'] }, 'packages: has no effect here'],
  [{ 'late-commands': [''] }, 'late-commands[0]: is an empty command'],
  [{ ssh: { 'install-server': false } }, 'ssh.install-server: must be "true"'],
  [{ ssh: { 'install-server': true, 'authorized-keys': ['x'] } }, 'ssh.authorized-keys[0]: '],
  [{ storage: { layout: { name: 'direct' } } }, 'storage.config: is not the list'],
  [
    {
      storage: storageSection({
        disk: { ...SIZES, espBytes: 32 * MIB },
        match: MATCH,
        preserveData: false,
      }),
    },
    'storage.config[2].size: is not a size',
  ],
  [
    {
      storage: storageSection({
        disk: SIZES,
        match: { ...MATCH, path: '/dev/disk/by-id/x' },
        preserveData: false,
      }),
    },
    'storage.config[0].match.path: ',
  ],
])('%j is refused', (change, why) => {
  expect(refusal({ ...SEED, ...change }).why).toContain(why);
});

test('all findings are reported at once', () => {
  const error = refusal({ ...SEED, version: 2, snaps: [], locale: 'x' });
  expect(error.details['findings']).toBe(3);
  expect(error.why?.split('\n')).toHaveLength(3);
});

test.each([
  ['version: 1\nversion: 1', 'a key is written twice: line 2, column 1'],
  ['a: "secret', 'it is not valid YAML: line 1'],
  ['- a', 'no keys of autoinstall'],
  ['autoinstall: yes', 'no keys of autoinstall'],
  ['', 'no keys of autoinstall'],
  ['a: 1\n---\nb: 1', 'not valid YAML'],
  ['? [a]\n: b', 'not valid YAML'],
  ['a: !secret b', 'not valid YAML'],
])('%j is not a seed', (text, why) => {
  const error = refusal(text);
  expect(error).toMatchObject({ code: 'seed-invalid', exitCode: 2 });
  expect(error.why).toContain(why);
  expect(JSON.stringify([error.why, error.hint, error.message])).not.toContain('secret');
});

test('refuses a value that YAML parsers read differently', () => {
  const text = stringify({ ...SEED, identity: { ...SEED.identity, hostname: 'NAME' } });
  expect(refusal(text.replace('NAME', '010')).why).toContain('identity.hostname: must be present');
});
