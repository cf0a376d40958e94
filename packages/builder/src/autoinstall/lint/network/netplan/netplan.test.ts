import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networks } from './generate.ts';
import { netplanRemarks } from './netplan.ts';
import { hasNetplan, judgeByNetplan } from './oracle.ts';

/** How many networks are compared, always the same; others, by thousands: MICRO_LINUX_NETPLAN_RUNS=5000. */
const ASKED = process.env['MICRO_LINUX_NETPLAN_RUNS'];
const RUNS = Number(ASKED ?? 100);

/** What netplan 1.1 of Ubuntu 24.04 takes and 0.106 of Debian 12 does not, or looks at otherwise. */
const NEWER =
  /"(?:hairpin|port-mac-learning|ra-overrides|dummy-devices|virtual-ethernets|advertised-mss|private-key-flags|lacp-rate|ipv6-address-generation|tunnels|vrfs)":|"macaddress":"random"/;

/**
 * Where a device refers to a later one, netplan reads everything twice. Before 1.0 it then took each access
 * point for a duplicate of itself (canonical/netplan #413).
 */
const READ_TWICE = /Duplicate access point SSID/;

if (!hasNetplan) {
  console.warn('SKIPPED: no netplan here: apt-get install netplan.io');
}

test.skipIf(!hasNetplan)(
  'finds something in what netplan refuses, and nothing in what it takes',
  () => {
    const all = fc.sample(networks, { numRuns: RUNS, ...(ASKED === undefined ? { seed: 1 } : {}) });
    const real = judgeByNetplan(all);
    expect(real).toHaveLength(all.length);
    const [probe] = judgeByNetplan([{ ethernets: { a: { hairpin: 'true' } } }]);
    const isOld = probe !== undefined;
    const differences = all.flatMap((network, index) => {
      const found = netplanRemarks(network, []);
      const isSame = found.length > 0 === (real[index] !== undefined);
      const isKnown = NEWER.test(JSON.stringify(network)) || READ_TWICE.test(real[index] ?? '');
      return isSame || (isOld && isKnown)
        ? []
        : [{ network: JSON.stringify(network), real: real[index], found }];
    });
    if (ASKED !== undefined) {
      const refused = real.filter((one) => one !== undefined).length;
      console.info(`${RUNS} networks, ${refused} refused, ${differences.length} differences`);
    }
    expect(differences.slice(0, 12)).toEqual([]);
  },
  600_000,
);
