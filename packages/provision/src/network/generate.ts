import fc from 'fast-check';
import { checkInterfaces } from './check-interfaces.ts';
import type { InterfaceDraft, Interfaces, RouteSettings } from './interface-settings.ts';
import { BOND_MODES, HASH_POLICIES, ROUTE_SCOPES } from './interface-settings.ts';

/** Test tool: sets of interfaces without problems. */

/** An interface without any setting. */
export const PLAIN: InterfaceDraft = {
  dhcp4: false,
  dhcp6: false,
  addresses: [],
  routes: [],
  dns: [],
  search: [],
  optional: false,
};

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const route = fc.record<RouteSettings>({
  to: fc.constantFrom('default', '198.51.100.0/24', '2001:db8:7::/48', '0.0.0.0/0', '::/0'),
  via: optional(fc.constantFrom('192.0.2.1', '10.9.9.9', '2001:db8::1', 'fe80::1')),
  metric: optional(fc.constantFrom(0, 1, 100, 2_147_483_647)),
  onLink: fc.boolean(),
  scope: optional(fc.constantFrom(...ROUTE_SCOPES)),
});

/** What interfaces of every kind may have; `index` keeps addresses apart. */
const common = (index: number) =>
  fc.record<InterfaceDraft>({
    dhcp4: fc.boolean(),
    dhcp6: fc.boolean(),
    acceptRa: optional(fc.boolean()),
    addresses: fc.subarray([
      `192.0.2.${10 + index}/24`,
      `10.${index}.0.5/32`,
      `2001:db8::${index + 10}/64`,
      `169.254.7.${index + 1}/16`,
    ]),
    routes: fc.array(route, { maxLength: 2 }),
    dns: fc.subarray(['192.0.2.53', '2001:db8::53', '127.0.0.1']),
    search: fc.subarray(['lan.example', '~corp.example', 'a_b.example.']),
    mtu: optional(fc.constantFrom(1280, 1400, 1500, 9000)),
    mac: optional(fc.constant(`02:00:00:00:00:${(16 + index).toString(16)}`)),
    optional: fc.boolean(),
  });

const match = (index: number) =>
  optional(
    fc
      .record({
        name: optional(fc.constantFrom(`enp${index}s0`, `enp${index}*`, `e[n]p${index}s?`)),
        mac: optional(fc.constant(`52:54:00:AB:00:0${index}`)),
        driver: optional(fc.constantFrom('igb', 'r81*')),
        path: optional(fc.constant(`pci-0000:0${index}:00.0`)),
      })
      .filter((rules) => Object.values(rules).some((rule) => rule !== undefined)),
  );

const port = (index: number) =>
  fc.tuple(common(index), match(index)).map(([one, rules]) => ({ ...one, match: rules }));

const radio = (index: number) =>
  fc
    .tuple(
      common(index),
      fc.record({
        ssid: fc.constantFrom('workshop', 'a "b" #c', 'ü'),
        password: optional(fc.constantFrom('with "quotes" # and more', '0f'.repeat(32))),
        hidden: fc.boolean(),
        regulatoryDomain: optional(fc.constant('DE')),
      }),
    )
    .map(([one, wifi]) => ({ ...one, wifi }));

const vlan = (index: number, link: string) =>
  fc
    .tuple(common(index), fc.integer({ min: 1, max: 4094 }))
    .map(([one, id]) => ({ ...one, vlan: { id, link } }));

const bridge = (index: number, interfaces: readonly string[]) =>
  fc
    .tuple(
      common(index),
      fc.record({
        stp: fc.boolean(),
        priority: optional(fc.integer({ min: 0, max: 65_535 })),
        forwardDelay: optional(fc.integer({ min: 2, max: 30 })),
        helloTime: optional(fc.integer({ min: 1, max: 10 })),
        maxAge: optional(fc.integer({ min: 6, max: 40 })),
        ageingTime: optional(fc.integer({ min: 0, max: 600 })),
      }),
    )
    .map(([one, parameters]) => ({ ...one, bridge: { interfaces, ...parameters } }));

const bond = (index: number, interfaces: readonly string[]) =>
  fc
    .tuple(
      common(index),
      fc.record({
        mode: fc.constantFrom(...BOND_MODES),
        miiMonitorInterval: fc.constantFrom(50, 100, 1000),
        primary: optional(fc.constantFrom(...interfaces)),
        lacpRate: optional(fc.constantFrom('slow', 'fast')),
        transmitHashPolicy: optional(fc.constantFrom(...HASH_POLICIES)),
        minLinks: optional(fc.constantFrom(0, 1)),
      }),
    )
    .map(([one, settings]) => ({ ...one, bond: { interfaces, ...settings } }));

/** Without the settings that have problems, if these can be left out one by one. */
function repaired(drafts: Readonly<Record<string, InterfaceDraft>>): Interfaces | undefined {
  let current = drafts;
  for (let round = 0; round < 10; round += 1) {
    const problems = checkInterfaces(current);
    if (problems.length === 0) {
      return current;
    }
    current = problems.reduce((drafts, { detail }) => without(drafts, detail.at ?? []), current);
  }
  return undefined;
}

function without(drafts: Readonly<Record<string, InterfaceDraft>>, at: readonly unknown[]) {
  const [id = '', key = '', inner = ''] = at.map(String);
  const draft = drafts[id] ?? PLAIN;
  const group = draft[key as keyof InterfaceDraft];
  const changed =
    key in PLAIN
      ? { ...draft, [key]: PLAIN[key as keyof InterfaceDraft] }
      : key === 'bond' || key === 'wifi'
        ? { ...draft, [key]: { ...(group as object), [inner]: undefined } }
        : { ...draft, [key]: undefined };
  return { ...drafts, [id]: changed };
}

const PREFIX = 'zz';
const id = (name: string) => `${PREFIX}${name}`;
const PORTS = [0, 1, 2, 3, 4].map((index) => id(`e${index}`));

/** Networks of five ports, of which some are in a bridge or bond, with VLANs and a radio. */
export const interfaceSets: fc.Arbitrary<Interfaces> = fc
  .tuple(
    fc.tuple(...PORTS.map((_, index) => port(index))),
    optional(bridge(5, [id('e1')])),
    optional(bond(6, [id('e2'), id('e3')])),
    optional(vlan(7, id('e4'))),
    optional(vlan(8, id('e0'))),
    optional(radio(9)),
  )
  .map(([ethernets, br, bo, v1, v2, w]) => {
    const others = { br, bo, v1, v2, w };
    return repaired({
      ...Object.fromEntries(ethernets.map((one, index) => [PORTS[index] ?? '', one])),
      ...Object.fromEntries(
        Object.entries(others).flatMap(([name, one]) => (one ? [[id(name), one]] : [])),
      ),
    });
  })
  .filter((one) => one !== undefined);

/** The same network with other names, so that several can be distinguished. */
export function renamed(interfaces: Interfaces, prefix: string): Interfaces {
  return JSON.parse(JSON.stringify(interfaces).replaceAll(PREFIX, prefix));
}
