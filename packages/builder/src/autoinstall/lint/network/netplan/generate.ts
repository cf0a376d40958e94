import fc from 'fast-check';
import { isTreeGroup, isTreeList, type Tree, type TreeGroup } from './tree.ts';

/** Test tool: networks that netplan accepts, and modified ones. */

const IDS = ['eno1', 'eno2', 'lan', 'wan', 'b0', 'b1', 'v10', 'x0'];
const id = fc.constantFrom(...IDS);
const some = (...values: readonly Tree[]) => fc.constantFrom<Tree>(...values);
const BOOLS = some('true', 'false', 'yes', 'no', 'y', 'off', 'TRUE');
const NUMBERS = some('0', '1', '64', '1500', '9000', '4294967295');

const ROUTES = some(
  { to: 'default', via: '192.0.2.1' },
  { to: 'default', via: '192.0.2.1', 'on-link': 'true', metric: '100' },
  { to: '172.31.1.1/32', scope: 'link' },
  { to: '10.0.0.0/8', via: '192.0.2.254', table: '100' },
  { to: '::/0', via: '2001:db8::1' },
  { to: '10.1.0.0/16', type: 'blackhole' },
  { to: '10.2.0.0/16', type: 'local', scope: 'host' },
  { to: '10.3.0.1', via: '192.0.2.1', from: '192.0.2.10', mtu: '1400' },
);
const common = fc.record(
  {
    dhcp4: BOOLS,
    dhcp6: BOOLS,
    optional: BOOLS,
    'accept-ra': BOOLS,
    'link-local': some([], ['ipv4'], ['ipv6', 'IPv4']),
    mtu: NUMBERS,
    macaddress: some('52:54:00:ab:cd:ef', 'random'),
    addresses: fc.uniqueArray(
      some('192.0.2.10/24', '2001:db8::10/64', '203.0.113.9/32', {
        '198.51.100.1/24': { label: 'a:1', lifetime: '0' },
      }),
      { maxLength: 3, selector: (one) => JSON.stringify(one) },
    ),
    routes: fc.array(ROUTES, { maxLength: 2 }),
    'routing-policy': some(
      [],
      [{ from: '192.0.2.0/24', table: '100' }],
      [{ to: '10.0.0.0/8', priority: '5', 'type-of-service': '8' }],
    ),
    nameservers: some(
      { addresses: ['192.0.2.53', '2001:db8::53'] },
      { search: ['example.org'] },
      {},
    ),
    'dhcp4-overrides': some(
      { 'use-dns': 'false' },
      { 'route-metric': '100' },
      { 'use-domains': 'route' },
    ),
    'dhcp6-overrides': some({ 'use-dns': 'false' }, { 'route-metric': '100' }),
    renderer: some(...Array<string>(9).fill('networkd'), 'NetworkManager'),
    gateway4: some('192.0.2.1'),
    'dhcp-identifier': some('mac', 'duid'),
    'ipv6-address-generation': some('eui64', 'stable-privacy'),
    'ipv6-address-token': some('::1'),
    'optional-addresses': some(['dhcp4'], ['ipv6-ra', 'static']),
    'activation-mode': some('manual', 'off'),
    critical: BOOLS,
    hairpin: BOOLS,
    'ipv6-privacy': BOOLS,
  },
  { requiredKeys: [] },
);
const few = common.chain((keys) =>
  fc
    .subarray(Object.keys(keys), { maxLength: 3 })
    .map((kept) => Object.fromEntries(Object.entries(keys).filter(([key]) => kept.includes(key)))),
);
const device = (own: fc.Arbitrary<TreeGroup>) =>
  fc.tuple(few, own).map(([one, other]): TreeGroup => ({ ...one, ...other }));
/** Few keys at a time: with more, the network is almost always wrong. */
const optional = (
  keys: Readonly<Record<string, fc.Arbitrary<Tree>>>,
  requiredKeys: readonly string[] = [],
): fc.Arbitrary<TreeGroup> =>
  fc
    .uniqueArray(fc.constantFrom(...Object.keys(keys)), { maxLength: 2 })
    .chain((kept) =>
      fc.record(
        Object.fromEntries(
          Object.entries(keys).filter(([key]) => kept.includes(key) || requiredKeys.includes(key)),
        ),
      ),
    );

const members = fc.array(id, { maxLength: 2 });
const KEY = `${'A'.repeat(43)}=`;
const KINDS: Readonly<Record<string, fc.Arbitrary<TreeGroup>>> = {
  ethernets: device(
    optional({
      match: some(
        { name: 'en*' },
        { macaddress: '52:54:00:ab:cd:ef' },
        { driver: ['e1000', 'virtio*'] },
        { driver: 'e1000' },
      ),
      'set-name': some('lan0'),
      wakeonlan: BOOLS,
      'virtual-function-count': NUMBERS,
      link: id,
      'receive-checksum-offload': BOOLS,
      'infiniband-mode': some('datagram'),
      'delay-virtual-functions-rebind': BOOLS,
      auth: some({ 'key-management': '802.1x', method: 'tls', identity: 'a' }),
      wakeonwlan: some(['default'], ['tcp', 'any']),
    }),
  ),
  bonds: device(
    optional(
      {
        interfaces: members,
        parameters: some(
          { mode: '802.3ad', 'lacp-rate': 'fast' },
          { mode: 'active-backup', primary: 'eno1' },
          { 'arp-ip-targets': ['192.0.2.1'], 'min-links': '1' },
          { mode: 'balance-rr', 'mii-monitor-interval': '100' },
        ),
      },
      ['interfaces'],
    ),
  ),
  bridges: device(
    optional({
      interfaces: members,
      parameters: some(
        { stp: 'false', 'forward-delay': '4' },
        { 'path-cost': { eno1: '50' } },
        { 'port-priority': { eno2: '14' }, priority: '10' },
        { 'path-cost': { b0: '0' } },
      ),
    }),
  ),
  vlans: device(optional({ id: some('10', '4094', '0'), link: id }, ['id', 'link'])),
  vrfs: device(optional({ table: some('100'), interfaces: members }, ['table'])),
  tunnels: device(
    fc.oneof(
      optional(
        {
          mode: some('gre', 'vti', 'gretap'),
          local: some('192.0.2.1'),
          remote: some('192.0.2.2'),
          key: some('5', '1.2.3.4', { input: '1', output: '2' }),
        },
        ['mode', 'remote'],
      ),
      optional(
        {
          mode: some('ipip', 'sit', 'isatap'),
          local: some('192.0.2.1'),
          remote: some('192.0.2.2'),
          ttl: NUMBERS,
        },
        ['mode', 'remote'],
      ),
      optional(
        {
          mode: some('ip6gre', 'ip6ip6', 'vti6'),
          local: some('2001:db8::1'),
          remote: some('2001:db8::2'),
        },
        ['mode', 'remote'],
      ),
      optional(
        {
          mode: some('vxlan'),
          id: some('5', '16777215'),
          link: id,
          remote: some('192.0.2.2'),
          'port-range': some(['1', '2']),
          checksums: some(['udp']),
          'mac-learning': BOOLS,
          'flow-label': some('0', '1048576'),
        },
        ['mode', 'id'],
      ),
      optional(
        {
          mode: some('wireguard'),
          key: some(KEY, '/etc/key'),
          port: NUMBERS,
          peers: some(
            [
              {
                keys: { public: KEY },
                'allowed-ips': ['0.0.0.0/0', '2001:db8::/32'],
                keepalive: '23',
                endpoint: 'host.example:5',
              },
            ],
            [
              {
                keys: { public: KEY, shared: KEY },
                'allowed-ips': ['192.0.2.0/24'],
                endpoint: '[2001:db8::1]:51820',
              },
            ],
          ),
        },
        ['mode', 'key', 'peers'],
      ),
    ),
  ),
  wifis: device(
    optional(
      {
        'access-points': some(
          { home: { password: '12345678' } },
          { 'a b': {} },
          { x: { mode: 'adhoc', band: '5GHz', channel: '36' } },
          { y: { mode: 'ap' } },
          { z: { auth: { 'key-management': 'psk', password: 'abcdefgh1' } } },
        ),
        'regulatory-domain': some('DE'),
      },
      ['access-points'],
    ),
  ),
};

const network: fc.Arbitrary<TreeGroup> = fc
  .record(
    {
      version: some('2'),
      renderer: some(...Array<string>(9).fill('networkd'), 'NetworkManager'),
      ethernets: fc.dictionary(id, KINDS['ethernets'] ?? fc.constant({}), {
        minKeys: 1,
        maxKeys: 5,
      }),
      ...Object.fromEntries(
        Object.entries(KINDS)
          .filter(([kind]) => kind !== 'ethernets')
          .map(([kind, one]) => [kind, fc.dictionary(id, one, { minKeys: 1, maxKeys: 2 })]),
      ),
    },
    { requiredKeys: ['version', 'ethernets'] },
  )
  .chain((one) =>
    // Few kinds at a time: with more, the network is almost always wrong.
    fc
      .subarray(
        Object.keys(KINDS).filter((kind) => kind !== 'ethernets'),
        { maxLength: 1 },
      )
      .map((kept) =>
        withMembers(
          Object.fromEntries(
            Object.entries(one).filter(
              ([key]) => !(key in KINDS) || key === 'ethernets' || kept.includes(key),
            ),
          ),
        ),
      ),
  );

/** Adds plain devices for most references. */
function withMembers(one: TreeGroup): TreeGroup {
  const taken = new Set(
    Object.keys(KINDS)
      .filter((kind) => kind !== 'ethernets')
      .flatMap((kind) => Object.keys((one[kind] ?? {}) as TreeGroup)),
  );
  const ethernets = Object.fromEntries([
    ...IDS.slice(0, 4)
      .filter((name) => !taken.has(name))
      .map((name) => [name, {}] as const),
    ...Object.entries((one['ethernets'] ?? {}) as TreeGroup).filter(([name]) => !taken.has(name)),
  ]);
  return { ...one, ethernets };
}

const JUNK: readonly Tree[] = [
  ...[
    '',
    'jumbo',
    '-1',
    '1.5',
    '4294967296',
    '1e3',
    'null',
    '192.0.2.1',
    '192.0.2.1/24',
    '192.0.2.1/33',
    '192.0.2.1/0',
  ],
  ...[
    '2001:db8::1',
    '2001:db8::1/64',
    'fe80::1%eth0',
    '01.2.3.4',
    '52540012345',
    'eno1',
    'nobody',
    'default',
    'a b',
    '*',
    'link',
  ],
  ...[
    'true',
    '2',
    '10',
    '256',
    '192.0.2.1/24x',
    '192.0.2.1/',
    '1 ',
    ' 1',
    '+1',
    'MANUAL',
    'Global',
  ],
  ...[[], {}, ['a'], { a: 'b' }, [[]], [{}], ['192.0.2.1/24'], { addresses: 'x' }],
];
const KEYS = [
  'dhcp',
  'gateway',
  'address',
  'interface',
  'interfaces',
  'mode',
  'mtu',
  'link',
  'id',
  'match',
  'set-name',
  'routes',
  'via',
  'to',
  'from',
  'renderer',
  'addresses',
  'search',
  'remote',
  'table',
  'scope',
  'type',
  'name',
  'dhcp4',
  'e*',
  'a b',
];

interface Change {
  readonly place: number;
  readonly what: 'value' | 'key' | 'drop' | 'add';
  readonly value: Tree;
  readonly key: string;
}

/** Makes a change at one of the places of a tree, counted from its top. */
function change(tree: Tree, { place, what, value, key }: Change): Tree {
  let left = place % Math.max(1, countPlaces(tree));
  const go = (one: Tree): Tree => {
    if (isTreeList(one)) {
      return one.flatMap((item) => (left-- === 0 ? (what === 'drop' ? [] : [value]) : [go(item)]));
    }
    if (!isTreeGroup(one)) {
      return one;
    }
    return Object.fromEntries(
      Object.entries(one).flatMap(([name, item]): [string, Tree][] => {
        if (left-- !== 0) {
          return [[name, go(item)]];
        }
        const changed: Readonly<Record<Change['what'], [string, Tree][]>> = {
          drop: [],
          key: [[key, item]],
          add: [
            [name, item],
            [key, value],
          ],
          value: [[name, value]],
        };
        return changed[what];
      }),
    );
  };
  return go(tree);
}

function countPlaces(tree: Tree): number {
  const inner = isTreeList(tree) ? tree : isTreeGroup(tree) ? Object.values(tree) : [];
  return inner.reduce<number>((sum, one) => sum + 1 + countPlaces(one), 0);
}

/** With its keys in the order that PyYAML writes. */
function sorted(tree: Tree): Tree {
  return isTreeList(tree)
    ? tree.map(sorted)
    : isTreeGroup(tree)
      ? Object.fromEntries(
          Object.entries(tree)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([key, one]) => [key, sorted(one)]),
        )
      : tree;
}

/** Networks, about half of them changed at one or two places. */
export const networks: fc.Arbitrary<Tree> = fc
  .tuple(
    network,
    fc.array(
      fc.record<Change>({
        place: fc.nat(500),
        what: fc.constantFrom('value', 'value', 'key', 'drop', 'add'),
        value: fc.constantFrom(...JUNK),
        key: fc.constantFrom(...KEYS),
      }),
      { maxLength: 2 },
    ),
  )
  .map(([one, changes]) => sorted(changes.reduce<Tree>(change, one)));
