import { isIPv6 } from 'node:net';
import { checkAddress, checkInterface, checkInterfaceName } from '../values/ip-network.ts';
import { Problem, show } from '../values/problem.ts';
import { checkWifi } from './check-wifi.ts';
import type { InterfaceDraft } from './interface-settings.ts';
import { kindOf } from './interface-settings.ts';

/** Names that mean something else to the kernel's settings, to networkd or to netplan. */
const RESERVED = ['lo', 'all', 'default', 'none', 'renderer'];

/** The smallest MTU of an IPv4 and of an IPv6 link (RFC 791, RFC 8200), and the largest. */
const MINIMUM_MTU = { ipv4: 68, ipv6: 1280 };
const MAXIMUM_MTU = 65_535;

/** What is wrong with one interface by itself. */
export function checkSettings(id: string, draft: InterfaceDraft): readonly Problem[] {
  const at = (...path: readonly (string | number)[]) => [id, ...path];
  return [
    ...checkId(id, draft),
    ...oneKind(id, draft),
    ...(draft.mac === undefined ? [] : place(checkMac(draft.mac), at('mac'))),
    ...checkMtu(id, draft),
    ...draft.dns.flatMap((server, index) => place(checkAddress(server), at('dns', index))),
    ...draft.search.flatMap((domain, index) => place(checkDomain(domain), at('search', index))),
    ...(draft.dhcp6 && draft.acceptRa === false
      ? [
          new Problem(
            'waits for router advertisements, which acceptRa refuses',
            'remove acceptRa: false, or dhcp6',
            { at: at('dhcp6') },
          ),
        ]
      : []),
    ...(draft.vlan ? checkRange(draft.vlan.id, 1, 4094, at('vlan', 'id')) : []),
    ...checkBridge(id, draft),
    ...checkBond(id, draft),
    ...(draft.wifi ? checkWifi(draft.wifi, at('wifi')) : []),
  ];
}

function checkId(id: string, draft: InterfaceDraft): readonly Problem[] {
  if (RESERVED.includes(id)) {
    return [new Problem(`${show(id)} is a reserved name`, 'give it another', { at: [id] })];
  }
  const isPort = kindOf(draft) === 'ethernet' && draft.match === undefined;
  // Without match, the id is the name of a port that the machine has.
  const problem = isPort ? checkInterface(id) : checkInterfaceName(id);
  if (problem === undefined) {
    return [];
  }
  return [
    isPort && checkInterfaceName(id) === undefined
      ? new Problem(
          problem.what.replace('which the image does not make', 'but nothing here makes it'),
          'add what it is (vlan, bridge, bond or wifi), or match',
          { at: [id] },
        )
      : new Problem(problem.what, problem.fix, { at: [id] }),
  ];
}

function oneKind(id: string, draft: InterfaceDraft): readonly Problem[] {
  const kinds = (['vlan', 'bridge', 'bond', 'wifi'] as const).filter(
    (kind) => draft[kind] !== undefined,
  );
  const [first, second] = kinds;
  return first !== undefined && second !== undefined
    ? [
        new Problem(`cannot be a ${first} as well`, `keep one: ${kinds.join(' or ')}`, {
          at: [id, second],
        }),
      ]
    : [];
}

function checkMtu(id: string, draft: InterfaceDraft): readonly Problem[] {
  const { mtu } = draft;
  if (mtu === undefined) {
    return [];
  }
  const hasSix =
    draft.dhcp6 || draft.acceptRa === true || draft.addresses.some((one) => one.includes(':'));
  const minimum = hasSix ? MINIMUM_MTU.ipv6 : MINIMUM_MTU.ipv4;
  return mtu >= MINIMUM_MTU.ipv4 && mtu < minimum
    ? [
        new Problem(
          `${mtu} is too small for IPv6, which needs ${minimum}`,
          `write ${minimum} or more, or leave IPv6 out`,
          { at: [id, 'mtu'] },
        ),
      ]
    : checkRange(mtu, minimum, MAXIMUM_MTU, [id, 'mtu']);
}

/** Ranges of the kernel's bridge: seconds, and the priority of 16 bits. */
const BRIDGE_RANGES = {
  priority: [0, 65_535],
  forwardDelay: [2, 30],
  helloTime: [1, 10],
  maxAge: [6, 40],
  ageingTime: [0, 1_000_000],
} as const;

function checkBridge(id: string, { bridge }: InterfaceDraft): readonly Problem[] {
  return Object.entries(BRIDGE_RANGES).flatMap(([key, [minimum, maximum]]) => {
    const value = bridge?.[key as keyof typeof BRIDGE_RANGES];
    return value === undefined ? [] : checkRange(value, minimum, maximum, [id, 'bridge', key]);
  });
}

const WITH_PRIMARY = ['active-backup', 'balance-tlb', 'balance-alb'];
const WITH_HASH = ['balance-xor', '802.3ad', 'balance-tlb'];

function checkBond(id: string, { bond }: InterfaceDraft): readonly Problem[] {
  if (!bond) {
    return [];
  }
  const { mode, interfaces, primary, lacpRate, transmitHashPolicy, minLinks } = bond;
  const only = (key: string, modes: readonly string[]) =>
    new Problem(`has no effect in mode ${mode}`, `it is for ${modes.join(', ')}`, {
      at: [id, 'bond', key],
    });
  return [
    ...checkRange(bond.miiMonitorInterval, 0, 60_000, [id, 'bond', 'miiMonitorInterval']),
    ...(minLinks === undefined
      ? []
      : checkRange(minLinks, 0, Math.max(1, interfaces.length), [id, 'bond', 'minLinks'])),
    ...(primary !== undefined && !WITH_PRIMARY.includes(mode)
      ? [only('primary', WITH_PRIMARY)]
      : primary !== undefined && !interfaces.includes(primary)
        ? [
            new Problem(
              `${show(primary)} is not a port of this bond`,
              `write one of ${interfaces.join(', ')}`,
              { at: [id, 'bond', 'primary'] },
            ),
          ]
        : []),
    ...(lacpRate !== undefined && mode !== '802.3ad' ? [only('lacpRate', ['802.3ad'])] : []),
    ...(transmitHashPolicy !== undefined && !WITH_HASH.includes(mode)
      ? [only('transmitHashPolicy', WITH_HASH)]
      : []),
  ];
}

/** Refuses what is not the MAC address of one machine. */
export function checkMac(mac: string): Problem | undefined {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(mac)) {
    return new Problem(
      `${show(mac)} is not a MAC address`,
      'write six pairs of hexadecimal digits in quotes: "52:54:00:12:34:56"',
    );
  }
  const isGroup = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
  return isGroup || /^[0:]+$/.test(mac)
    ? new Problem(`${show(mac)} is not the address of one machine`, 'write its own address')
    : undefined;
}

/** A search domain; with `~` it only chooses the server that is asked. */
function checkDomain(domain: string): Problem | undefined {
  const name = domain.replace(/^~/, '').replace(/\.$/, '');
  const isDomain =
    domain === '~.' ||
    (name.length <= 253 &&
      name
        .split('.')
        .every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label)) &&
      !isIPv6(name));
  return isDomain
    ? undefined
    : new Problem(`${show(domain)} is not a domain`, 'write a domain such as lan.example');
}

function checkRange(
  value: number,
  minimum: number,
  maximum: number,
  at: readonly (string | number)[],
): readonly Problem[] {
  return Number.isInteger(value) && value >= minimum && value <= maximum
    ? []
    : [
        new Problem(
          `${value} is ${Number.isInteger(value) ? 'out of range' : 'not a whole number'}`,
          `write a whole number from ${minimum} to ${maximum}`,
          { at },
        ),
      ];
}

/** A problem of a value, at its place. */
export function place(
  problem: Problem | undefined,
  at: readonly (string | number)[],
): readonly Problem[] {
  return problem ? [new Problem(problem.what, problem.fix, { ...problem.detail, at })] : [];
}
