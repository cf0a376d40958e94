import { kindOf } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import type { Contribution } from './contribution.ts';

/** What radios need beside their drivers; the kernel reads the rules of countries from a file. */
export const WIFI_PACKAGES: readonly string[] = ['wpasupplicant', 'wireless-regdb'];

/**
 * What the network needs in the slot. Its files are part of the device's identity, on the data
 * partition: they contain addresses and passwords.
 */
export function network({ network }: Pick<Config, 'network'>): Contribution {
  if (network.kind !== 'interfaces') {
    return network.kind === 'none' ? { summary: { network: 'none' } } : {};
  }
  const kinds = Object.entries(network.interfaces).map(([id, one]) => [id, kindOf(one)] as const);
  return {
    ...(kinds.some(([, kind]) => kind === 'wifi') ? { packages: WIFI_PACKAGES } : {}),
    summary: { network: Object.fromEntries(kinds) },
  };
}
