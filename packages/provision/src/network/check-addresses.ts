import { Problem, show } from '../values/problem.ts';
import { place } from './check-settings.ts';
import { canonical, checkHostCidr, parseCidr } from './cidr.ts';
import type { InterfaceDrafts } from './interface-settings.ts';

/** Addresses that are not addresses of a host, and those that two interfaces have. */
export function checkAddresses(drafts: InterfaceDrafts): readonly Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(drafts).flatMap(([id, { addresses }]) =>
    addresses.flatMap((text, index) => {
      const at = [id, 'addresses', index];
      const cidr = parseCidr(text);
      const problem = checkHostCidr(text);
      if (problem || !cidr) {
        return place(problem, at);
      }
      const key = canonical(cidr.address);
      const owner = owners.get(key);
      owners.set(key, owner ?? id);
      return owner === undefined
        ? []
        : [
            new Problem(
              `${show(cidr.address)} is an address of ${owner === id ? 'this interface' : owner} already`,
              'remove one of the two',
              { at },
            ),
          ];
    }),
  );
}
