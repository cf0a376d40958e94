import { Problem } from '../values/problem.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkLinks } from './check-links.ts';
import { checkMatches } from './check-matches.ts';
import { checkRoutes } from './check-routes.ts';
import { checkSettings } from './check-settings.ts';
import type { InterfaceDrafts, Interfaces } from './interface-settings.ts';

/**
 * Everything that is wrong with a set of interfaces: values that networkd would ignore, and
 * settings that contradict each other. Paths begin with the id of the interface.
 */
export function checkInterfaces(drafts: InterfaceDrafts): readonly Problem[] {
  if (Object.keys(drafts).length === 0) {
    return [
      new Problem('names no interface', 'write at least one: eth0: {dhcp4: true}', { at: [] }),
    ];
  }
  return [
    ...Object.entries(drafts).flatMap(([id, draft]) => checkSettings(id, draft)),
    ...checkMatches(drafts),
    ...checkLinks(drafts),
    ...checkAddresses(drafts),
    ...checkRoutes(drafts),
  ];
}

/** The interfaces with their gateways among the routes. */
export function toInterfaces(drafts: InterfaceDrafts): Interfaces {
  return Object.fromEntries(
    Object.entries(drafts).map(([id, { gateway4, gateway6, ...settings }]) => [
      id,
      {
        ...settings,
        routes: [
          ...[gateway4, gateway6].flatMap((via) =>
            via === undefined ? [] : [{ to: 'default', via, onLink: false }],
          ),
          ...settings.routes,
        ],
      },
    ]),
  );
}
