import { readInstallSeed } from '@micro-linux/provision';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identityOf } from '../../config/identity/identity-of.ts';
import { loadConfig } from '../../config/load.ts';
import { lintSeed } from '../check/lint-seed.ts';
import { makeAutoinstall } from './autoinstall.ts';
import { SeedFile, seedTexts } from './seed-files.ts';

const config = (value: object = {}) =>
  loadConfig({ text: JSON.stringify(value), env: {}, flags: [] });

const findings = (text: string, file: string) =>
  lintSeed(text, { file, installer: 'micro-linux' }).findings;

test('asks nothing: it has no interactive section', async () => {
  expect(makeAutoinstall(await config(), HASHES[0])).not.toHaveProperty('interactive-sections');
});

test('installs only our own image, offline', async () => {
  expect(makeAutoinstall(await config(), HASHES[0])).toMatchObject({
    version: 1,
    source: { id: 'micro-linux', search_drivers: false },
    apt: { geoip: false, fallback: 'offline-install' },
    shutdown: 'reboot',
  });
});

describe('who can log in', () => {
  test('a user with a hash: also by password', async () => {
    const made = makeAutoinstall(await config({ user: { name: 'ada', sshKeys: [KEYS[0]] } }), 'H');
    expect(made.identity).toEqual({ hostname: 'micro-linux', username: 'ada', password: 'H' });
    expect(made.ssh).toEqual({
      'install-server': true,
      'allow-pw': true,
      'authorized-keys': [KEYS[0]],
    });
  });

  test('further users with a password: their hashes, in the words of cloud-init', async () => {
    const users = [
      { name: 'ann', id: 2001, password: HASHES[0] },
      { name: 'bea', id: 2002, password: HASHES[1], changePassword: true },
      { name: 'cia', id: 2003, sshKeys: [KEYS[0]] },
    ];
    const wish = await config({ user: { password: 'disabled', sshKeys: [KEYS[0]] }, users });
    const made = makeAutoinstall(wish, undefined);
    expect(made['user-data']).toEqual({
      users: [{ name: 'ann', lock_passwd: false, passwd: HASHES[0] }],
      chpasswd: { expire: true, users: [{ name: 'bea', password: HASHES[1], type: 'hash' }] },
    });
    expect(made.ssh['allow-pw']).toBe(true);
    const texts = seedTexts(made, 'i');
    const file = SeedFile.autoinstall;
    expect(findings(texts[file], file)).toEqual([]);
    expect(readInstallSeed(texts[file], file).identity).toEqual(identityOf(wish, undefined));
    const damaged = texts[file].replace(HASHES[1], 'hunter2');
    expect(() => readInstallSeed(damaged, file)).toThrow(
      expect.objectContaining({
        why: expect.stringMatching(/^user-data\.chpasswd\.users\[0\]\.password: (?!.*hunter2)/),
      }),
    );
  });

  test('without a hash: only by SSH key, and no password matches', async () => {
    const user = { password: 'disabled', sshKeys: [KEYS[0]] };
    const made = makeAutoinstall(await config({ user }), undefined);
    expect(made.identity.password).toBe('!');
    expect(made.ssh['allow-pw']).toBe(false);
  });
});

test('checks before anything is written, and installs before the commands of the config', async () => {
  const install = { earlyCommands: ['a'], lateCommands: ['b'], errorCommands: [['c', 'd']] };
  const made = makeAutoinstall(await config({ install }), HASHES[0]);
  expect(made).toMatchObject({
    'early-commands': ['a', ['sh', '/cdrom/micro-linux/install', 'early']],
    'late-commands': [['sh', '/cdrom/micro-linux/install', 'late'], 'b'],
    'error-commands': [['c', 'd']],
  });
  expect(makeAutoinstall(await config(), HASHES[0])).not.toHaveProperty('error-commands');
});

test('every configuration makes a seed without findings that reads as intended', async () => {
  const pattern = fc
    .string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)) })
    .filter((one) => one !== '' && one.length <= 40);
  const command = fc.oneof(
    fc.constantFrom('a: b', "it's", 'x | y > z', 'a\nb', '\tx', 'no', '*x', '"q" \\', '#x', 'ä'),
    fc.constantFrom(['sh', '-c', 'x: y'], ['no', '', '010']),
  );
  const wish = fc.record({
    hostname: fc.constantFrom('a', 'no', '010', 'box.example', 'gw-{serial}'),
    user: fc.constantFrom(
      { name: 'ada', password: HASHES[0] },
      { name: 'on', password: HASHES[1], sshKeys: [KEYS[1]] },
      { name: 'null', password: 'disabled', sshKeys: KEYS },
      { password: HASHES[2] },
      { name: 'eve' },
    ),
    network: fc.constantFrom<object>(
      {},
      { interface: 'enp1s0' },
      { kind: 'none' },
      {
        interfaces: {
          wan: { match: { name: 'en*' }, dhcp4: true, gateway6: 'fe80::1', optional: true },
          eth0: { optional: true },
          office: { vlan: { id: 7, link: 'eth0' }, addresses: ['192.0.2.5/24'], mtu: 1400 },
          eth1: { optional: true },
          br0: { bridge: { interfaces: ['eth1'], forwardDelay: 4 }, acceptRa: false },
          eth2: { optional: true },
          bond0: { bond: { interfaces: ['eth2'], primary: 'eth2' }, search: ['a.example'] },
        },
      },
      { kind: 'static', interface: 'eth0', address: '192.0.2.10', prefix: 24 },
      {
        kind: 'static',
        interface: 'e',
        address: '2001:db8::10',
        prefix: 64,
        gateway: 'fe80::1',
        dns: ['2001:db8::53', '192.0.2.53'],
      },
    ),
    disk: fc.constantFrom(
      { size: '8G' },
      { size: '100G', slot: '10G', esp: '512M' },
      { size: '1G', slot: '100M', esp: '64M' },
    ),
    locale: fc.constantFrom('C.UTF-8', 'nb_NO.UTF-8'),
    timezone: fc.constantFrom('Etc/UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia'),
    install: fc.record({
      disk: fc.record(
        {
          size: fc.constantFrom('largest', 'smallest'),
          serial: pattern,
          model: pattern,
          path: fc.constantFrom('/dev/vda', '/dev/nvme?n1', '/dev/sd[a-c]'),
          ssd: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      preserveData: fc.boolean(),
      shutdown: fc.constantFrom('reboot', 'poweroff'),
      earlyCommands: fc.array(command, { maxLength: 2 }),
      lateCommands: fc.array(command, { maxLength: 2 }),
      errorCommands: fc.array(command, { maxLength: 2 }),
    }),
  });
  await fc.assert(
    fc.asyncProperty(wish, async (value) => {
      const loaded = await config(value);
      const { password } = loaded.user;
      // Only some have their own; the others get the one that is generated for the build.
      const generated = password.kind === 'generate' ? HASHES[0] : undefined;
      const identity = identityOf(loaded, generated);
      const texts = seedTexts(makeAutoinstall(loaded, identity.passwordHash), 'i-1');
      const { install } = loaded;
      for (const file of [SeedFile.userData, SeedFile.autoinstall]) {
        expect(findings(texts[file], file)).toEqual([]);
        expect(readInstallSeed(texts[file], file)).toEqual({
          identity,
          disk: {
            match: install.disk,
            espBytes: loaded.disk.espBytes,
            slotBytes: loaded.disk.slotBytes,
            preserveData: install.preserveData,
          },
          earlyCommands: install.earlyCommands,
          lateCommands: install.lateCommands,
          errorCommands: install.errorCommands,
          shutdown: install.shutdown,
        });
      }
    }),
    { numRuns: 200 },
  );
});
