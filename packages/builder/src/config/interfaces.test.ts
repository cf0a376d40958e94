import { describe, expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import type { Override } from './override.ts';

const load = (text: string, env: Readonly<Record<string, string>> = {}, flags: Override[] = []) =>
  loadConfig({ text, env, flags });

/** The findings, each as its first line. */
const findings = async (text: string, env = {}, flags: Override[] = []) => {
  const error = await load(text, env, flags).then(
    () => undefined,
    (thrown) => thrown,
  );
  return error === undefined
    ? []
    : String(error.why ?? error.message)
        .split('\n')
        .filter((line) => !line.startsWith('  '));
};

const GATEWAY = `profile: bookworm
network:
  interfaces:
    wan:
      match: {name: enp1s0}
      dhcp4: true
    lan:
      match: {mac: '52:54:00:12:34:56'}
      addresses: [192.0.2.1/24, '2001:db8::1/64']
    office:
      vlan: {id: 10, link: lan}
      addresses: [198.51.100.1/24]
      gateway6: fe80::1
`;

test('an interface gets the default of every key, and its gateways as routes', async () => {
  const { network } = await load(GATEWAY);
  expect(network).toMatchObject({
    kind: 'interfaces',
    interfaces: {
      wan: { match: { name: 'enp1s0' }, dhcp4: true, dhcp6: false, optional: false, routes: [] },
      office: { routes: [{ to: 'default', via: 'fe80::1', onLink: false }] },
    },
  });
});

test('no network files are written on request', async () => {
  expect((await load('network: {kind: none}')).network).toEqual({ kind: 'none' });
});

describe('what does not fit together is refused with its line', () => {
  test.each([
    [
      'network:\n  interfaces: {}',
      ['micro-linux.yaml:2:3: network.interfaces: names no interface'],
    ],
    [
      'network:\n  interfaces:\n    lan:\n      vlan: {id: 5, link: eth9}',
      [
        'micro-linux.yaml:4:27: network.interfaces.lan.vlan.link: "eth9" is not an interface of this network',
      ],
    ],
    [
      'network:\n  interfaces:\n    eth0:\n      dhpc4: true',
      ['micro-linux.yaml:4:7: network.interfaces.eth0.dhpc4: is not a known key'],
    ],
    [
      'network:\n  interfaces:\n    eth0:\n      routes:\n        - {via: 192.0.2.1}',
      ['micro-linux.yaml:5:11: network.interfaces.eth0.routes[0].to: is missing'],
    ],
    [
      'network:\n  interfaces:\n    eth0:\n      addresses: 192.0.2.10/24',
      ['micro-linux.yaml:4:18: network.interfaces.eth0.addresses: must be a list, not text'],
    ],
    [
      'network:\n  kind: dhcp\n  interfaces: {eth0: {dhcp4: true}}',
      [
        'micro-linux.yaml:2:9: network.kind: cannot be combined with interfaces, which has its own settings for each',
      ],
    ],
    [
      'network:\n  kind: none\n  interface: eth0',
      ['micro-linux.yaml:3:14: network.interface: has no effect: no network file is written'],
    ],
    [
      'network:\n  kind: none\n  dns: [192.0.2.53]',
      ['micro-linux.yaml:3:3: network.dns: is for a static network only, but the network is none'],
    ],
  ])('%j', async (text, expected) => {
    expect(await findings(text)).toEqual(expected);
  });

  test('flags and variables of a network of one interface', async () => {
    const flag = {
      path: ['network', 'address'],
      value: '192.0.2.7',
      origin: { kind: 'flag', flag: '--address' },
      how: 'replace',
    } as const;
    expect(await findings(GATEWAY, { IFACE: 'eth0' }, [flag])).toEqual([
      'environment variable IFACE: network.interface: cannot be combined with interfaces, which has its own settings for each',
      'flag --address: network.address: cannot be combined with interfaces, which has its own settings for each',
    ]);
  });
});

test('names a similar key of an interface', async () => {
  const text = 'network: {interfaces: {eth0: {dhpc4: true}}}';
  await expect(load(text)).rejects.toMatchObject({
    hint: 'did you mean `dhcp4`?',
  });
});

describe('a wireless interface', () => {
  const wifi = (more: string, password = 'a very long secret') =>
    `profile: bookworm\nnetwork:\n  interfaces:\n    wlan0: {dhcp4: true, wifi: {ssid: workshop, password: ${password}}}\n${more}`;

  test('needs a kernel with drivers, and firmware', async () => {
    expect(await findings(wifi(''))).toEqual([
      'micro-linux.yaml:1:1: prune.firmware: removes the firmware of radios and the rules of countries, but the network has a wireless interface',
      'micro-linux.yaml:3:3: kernel.package: linux-image-cloud-amd64 is a kernel for virtual machines, without drivers for the wireless interface',
    ]);
    const whole = 'kernel: {package: linux-image-amd64}\nprune: {firmware: false}\n';
    expect(await findings(wifi(whole))).toEqual([]);
    expect(await findings(wifi(`${whole}packages: {remove: [wpasupplicant]}`))).toEqual([
      'micro-linux.yaml:7:21: packages.remove[0]: removes wpasupplicant, which the wireless interface needs',
    ]);
  });

  test.each(['short', '[another secret]', '{another: secret}', '12345678'])(
    'never shows its password: %s',
    async (password) => {
      const found = await findings(wifi('', password));
      expect(found.some((line) => line.includes('wifi.password: '))).toBe(true);
      expect(found.join('\n')).not.toMatch(/short|another|12345678/);
    },
  );
});
