import { isIPv4 } from 'node:net';
import {
  addressBits,
  checkHostAddress,
  familyOf,
  inSubnet,
  networkRole,
} from '../values/ip-network.ts';
import { Problem, show } from '../values/problem.ts';
import { place } from './check-settings.ts';
import { canonical, checkNetworkCidr, isSameAddress, parseCidr } from './cidr.ts';
import type { InterfaceDraft, InterfaceDrafts, RouteSettings } from './interface-settings.ts';

/** netplan, which reads the seed of a remastered ISO, writes larger ones as negative numbers. */
const MAXIMUM_METRIC = 2 ** 31 - 1;

/** A route, and where it is written. */
interface PlacedRoute {
  readonly route: RouteSettings;
  readonly at: readonly (string | number)[];
  /** Where its router is written. */
  readonly viaAt: readonly (string | number)[];
}

/** What is wrong with routes: their form, routers out of reach, and two routes to one network. */
export function checkRoutes(drafts: InterfaceDrafts): readonly Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(drafts).flatMap(([id, draft]) => [
    ...gatewayFamilies(id, draft),
    ...routesOf(id, draft).flatMap((placed) => {
      const problems = [...checkForm(placed), ...checkRouter(placed, draft)];
      const key = routeKey(placed.route);
      if (problems.length > 0 || key === undefined) {
        return problems;
      }
      const owner = owners.get(key);
      owners.set(key, owner ?? id);
      return owner === undefined
        ? []
        : [
            new Problem(
              `${owner === id ? 'this interface' : owner} has a route to ${placed.route.to} with this metric already`,
              'write a metric, or remove one of the two',
              { at: placed.at },
            ),
          ];
    }),
  ]);
}

function routesOf(id: string, draft: InterfaceDraft): readonly PlacedRoute[] {
  return [
    ...(['gateway4', 'gateway6'] as const).flatMap((key): PlacedRoute[] => {
      const via = draft[key];
      const at = [id, key];
      const route = { to: 'default', via, onLink: false };
      return via === undefined ? [] : [{ route, at, viaAt: at }];
    }),
    ...draft.routes.map((route, index) => {
      const at = [id, 'routes', index];
      return { route, at, viaAt: [...at, 'via'] };
    }),
  ];
}

function gatewayFamilies(id: string, draft: InterfaceDraft): readonly Problem[] {
  return (['gateway4', 'gateway6'] as const).flatMap((key) => {
    const via = draft[key];
    const isWrong =
      via !== undefined &&
      checkHostAddress(via) === undefined &&
      isIPv4(via) !== (key === 'gateway4');
    return isWrong
      ? [
          new Problem(
            `${show(via)} is not an ${key === 'gateway4' ? 'IPv4' : 'IPv6'} address`,
            `write it as ${key === 'gateway4' ? 'gateway6' : 'gateway4'}`,
            { at: [id, key] },
          ),
        ]
      : [];
  });
}

function checkForm({ route, at, viaAt }: PlacedRoute): readonly Problem[] {
  const { to, via, metric, onLink, scope } = route;
  const ofTo = to === 'default' ? undefined : checkNetworkCidr(to);
  const ofVia = via === undefined ? undefined : checkHostAddress(via);
  const cidr = parseCidr(to);
  return [
    ...place(ofTo, [...at, 'to']),
    ...place(ofVia, viaAt),
    ...(via === undefined && to === 'default'
      ? [
          new Problem(
            'has no router',
            'write via: and its address; for a link without a router, to: 0.0.0.0/0 or ::/0',
            { at },
          ),
        ]
      : []),
    ...(via === undefined && onLink
      ? [
          new Problem('is about a router, but there is none', 'write via, or remove it', {
            at: [...at, 'onLink'],
          }),
        ]
      : []),
    ...(via !== undefined && !ofVia && cidr && familyOf(via) !== familyOf(cidr.address)
      ? [
          new Problem(
            `${show(via)} is not of the family of ${to}`,
            'write IPv4 with IPv4, IPv6 with IPv6',
            { at: viaAt },
          ),
        ]
      : []),
    ...(via !== undefined && scope !== undefined && scope !== 'global'
      ? [
          new Problem(`${scope} is for a route without a router`, 'remove it, or remove via', {
            at: [...at, 'scope'],
          }),
        ]
      : []),
    ...(scope !== undefined && !ofTo && (cidr ? to : (via ?? '')).includes(':')
      ? [
          new Problem('is for IPv4 routes: IPv6 has no scopes', 'remove it', {
            at: [...at, 'scope'],
          }),
        ]
      : []),
    ...(via === undefined && scope === 'global' && !ofTo
      ? [
          new Problem('global is for a route with a router', 'write link, or leave it out', {
            at: [...at, 'scope'],
          }),
        ]
      : []),
    ...(metric !== undefined &&
    !(Number.isInteger(metric) && metric >= 0 && metric <= MAXIMUM_METRIC)
      ? [
          new Problem(
            `${metric} is out of range`,
            `write a whole number from 0 to ${MAXIMUM_METRIC}`,
            { at: [...at, 'metric'] },
          ),
        ]
      : []),
  ];
}

/** A router must be on a network that the interface is known to have, unless it is on-link. */
function checkRouter({ route, viaAt }: PlacedRoute, draft: InterfaceDraft): readonly Problem[] {
  const { via, onLink } = route;
  if (via === undefined || checkHostAddress(via)) {
    return [];
  }
  const networks = draft.addresses.flatMap((text) => {
    const cidr = parseCidr(text);
    return cidr && familyOf(cidr.address) === familyOf(via) ? [cidr] : [];
  });
  if (networks.some(({ address }) => isSameAddress(address, via))) {
    return [
      new Problem(
        `${show(via)} is the interface's own address`,
        'write the address of the router',
        { at: viaAt },
      ),
    ];
  }
  const isLinkLocal = inSubnet(via, isIPv4(via) ? '169.254.0.0' : 'fe80::', isIPv4(via) ? 16 : 10);
  if (onLink || isLinkLocal || bringsMore(draft, via) || isDirect(draft, via)) {
    return [];
  }
  const inside = networks.find(({ address, prefix }) => inSubnet(via, address, prefix));
  if (!inside) {
    const where =
      networks.length === 0
        ? `the interface has no ${isIPv4(via) ? 'IPv4' : 'IPv6'} address`
        : `outside ${networks.map(({ address, prefix }) => `${address}/${prefix}`).join(', ')}`;
    return [
      new Problem(
        `${show(via)} is out of reach: ${where}`,
        'write an address inside, or the route with onLink: true if the router is on the same cable',
        { at: viaAt },
      ),
    ];
  }
  const role = networkRole(via, inside.prefix);
  return role === undefined
    ? []
    : [
        new Problem(
          `${show(via)} is the ${role} address of its network`,
          'write the address of the router',
          { at: viaAt },
        ),
      ];
}

/** Whether the interface gets networks in addition to those in the config. */
function bringsMore(draft: InterfaceDraft, via: string): boolean {
  return isIPv4(via) ? draft.dhcp4 : draft.dhcp6 || draft.acceptRa !== false;
}

/** Whether a route without a router leads to an address. */
function isDirect(draft: InterfaceDraft, via: string): boolean {
  return draft.routes.some((other) => {
    const cidr = other.via === undefined ? parseCidr(other.to) : undefined;
    return (
      cidr !== undefined &&
      addressBits(cidr.address) === addressBits(via) &&
      inSubnet(via, cidr.address, cidr.prefix)
    );
  });
}

/** What two routes must not have in common; undefined if the route is not complete. */
function routeKey({ to, via, metric = 0 }: RouteSettings): string | undefined {
  const cidr = parseCidr(to);
  if (to === 'default' && via !== undefined) {
    return `${isIPv4(via) ? '0.0.0.0' : '::'}/0 ${metric}`;
  }
  return cidr ? `${canonical(cidr.address)}/${cidr.prefix} ${metric}` : undefined;
}
