import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networks } from './generate.ts';
import { netplanRemarks } from './netplan.ts';
import { hasNetplan, judgeByNetplan } from './oracle.ts';

/** How many networks are compared, always the same; others, by thousands: MICRO_LINUX_NETPLAN_RUNS=5000. */
const ASKED = process.env['MICRO_LINUX_NETPLAN_RUNS'];
const RUNS = Number(ASKED ?? 100);

/** What netplan 1.1 of Ubuntu 24.04 accepts and 0.106 of Debian 12 refuses or reads differently. */
const NEWER =
  /"(?:hairpin|port-mac-learning|ra-overrides|dummy-devices|virtual-ethernets|advertised-mss|private-key-flags|lacp-rate|ipv6-address-generation|tunnels|vrfs)":|"macaddress":"random"/;

/**
 * What only netplan before 1.0 refuses: a VLAN of NetworkManager whose link is missing. And if a device
 * refers to a later one, it reads everything twice, and reports each access point as its own duplicate
 * (canonical/netplan #413).
 */
const isOldRefusal = (error: string, network: string) =>
  error.includes('Duplicate access point SSID') ||
  (/interface '\S+' is not defined/.test(error) &&
    network.includes('"vlans"') &&
    network.includes('"NetworkManager"'));

/** What only netplan from 1.0 on refuses: the same primary for two bonds. */
const isNewRule = (problem: string) => problem.includes('is the primary of');

if (!hasNetplan) {
  console.warn('SKIPPED: no netplan here: apt-get install netplan.io');
}

test.each([
  [['default'], 0],
  [['default', 'Default'], 0],
  [['any', 'tcp'], 0],
  [['default', 'any'], 1],
  [['tcp', 'DEFAULT'], 1],
])('wakeonwlan: %j has %i remarks: default stands alone', (wakeonwlan, count) => {
  const network = { ethernets: { a: { wakeonwlan } } };
  expect(netplanRemarks(network, [])).toHaveLength(count);
  if (hasNetplan) {
    expect(judgeByNetplan([network])[0] !== undefined).toBe(count > 0);
  }
});

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
      const text = JSON.stringify(network);
      const isNewRefusal = found.length > 0 && found.every(({ problem }) => isNewRule(problem));
      const isKnown = NEWER.test(text) || isNewRefusal || isOldRefusal(real[index] ?? '', text);
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
