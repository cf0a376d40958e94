import { isHostnameTemplate, kindOf, type NetworkSettings } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import type { Contribution } from './contribution.ts';

/** What radios need beside their drivers; the kernel reads the rules of countries from a file. */
export const WIFI_PACKAGES: readonly string[] = ['wpasupplicant', 'wireless-regdb'];

/**
 * What network and host name need in the slot. Their files are part of the device's identity, on the data
 * partition: they contain addresses and passwords.
 */
export function network(config: Pick<Config, 'hostname' | 'network'>): Contribution {
  const { packages, interfaces } = interfacesOf(config.network);
  const summary = {
    ...(isHostnameTemplate(config.hostname) ? { hostname: config.hostname } : {}),
    ...(interfaces === undefined ? {} : { network: interfaces }),
  };
  return { ...(packages === undefined ? {} : { packages }), summary };
}

function interfacesOf(network: NetworkSettings): {
  readonly packages?: readonly string[];
  readonly interfaces?: unknown;
} {
  if (network.kind !== 'interfaces') {
    return network.kind === 'none' ? { interfaces: 'none' } : {};
  }
  const kinds = Object.entries(network.interfaces).map(([id, one]) => [id, kindOf(one)] as const);
  return {
    ...(kinds.some(([, kind]) => kind === 'wifi') ? { packages: WIFI_PACKAGES } : {}),
    interfaces: Object.fromEntries(kinds),
  };
}
