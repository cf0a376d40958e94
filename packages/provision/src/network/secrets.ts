import type { NetworkSettings } from '../identity/network-settings.ts';

/** In place of a password; it has the form of one. */
export const NO_WIFI_PASSWORD = '(password)';

/** The network with {@link NO_WIFI_PASSWORD} for every password: for keys, plans and logs. */
export function withoutSecrets(network: NetworkSettings): NetworkSettings {
  return network.kind !== 'interfaces'
    ? network
    : {
        ...network,
        interfaces: Object.fromEntries(
          Object.entries(network.interfaces).map(([id, one]) => [
            id,
            one.wifi?.password === undefined
              ? one
              : { ...one, wifi: { ...one.wifi, password: NO_WIFI_PASSWORD } },
          ]),
        ),
      };
}
