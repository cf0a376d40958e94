import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { interfaceSets, PLAIN } from '../network/generate.ts';
import { isGroup } from './group.ts';
import { keyOutsideSeeds } from './interface-devices.ts';
import { interfacesSectionSchema } from './interfaces-schema.ts';
import { networkSection } from './network-section.ts';
import { interfacesFindings, readInterfaces } from './read-interfaces.ts';

/** As the file has it. */
const section = (network: Parameters<typeof networkSection>[0]) => {
  const read: unknown = JSON.parse(JSON.stringify(networkSection(network)));
  return isGroup(read) ? read : {};
};

it('reads every network as it was written', () => {
  fc.assert(
    fc.property(interfaceSets, (all) => {
      const interfaces = Object.fromEntries(
        Object.entries(all).map(([id, one]) => [
          id,
          keyOutsideSeeds(one) ? { ...one, match: undefined } : one,
        ]),
      );
      const written = section({ kind: 'interfaces', interfaces });
      expect(interfacesSectionSchema.safeParse(written).error).toBeUndefined();
      // Without their rules, two ports may be the same one.
      expect(interfacesFindings(written).filter(({ kind }) => kind === 'form')).toEqual([]);
      expect(readInterfaces(written)).toEqual({ kind: 'interfaces', interfaces });
    }),
    { numRuns: 60, seed: 1 },
  );
});

it('says that there are no network files by a section without devices', () => {
  expect(section({ kind: 'none' })).toEqual({ version: 2, renderer: 'networkd' });
  expect(readInterfaces(section({ kind: 'none' }))).toEqual({ kind: 'none' });
});

it('has no form that an agent for simple networks accepts', () => {
  const simple = { eth0: { ...PLAIN, dhcp4: true, dhcp6: true, optional: true } };
  expect(section({ kind: 'interfaces', interfaces: simple })).toHaveProperty('renderer');
});

it('names what a seed cannot express', () => {
  const wifi = { ssid: 'x', hidden: false };
  expect(keyOutsideSeeds({ ...PLAIN, match: { path: 'pci-*' } })).toEqual(['match', 'path']);
  expect(keyOutsideSeeds({ ...PLAIN, match: { driver: 'ath9k' }, wifi })).toEqual(['match']);
  expect(keyOutsideSeeds({ ...PLAIN, match: { driver: 'igb' } })).toBeUndefined();
});

describe('a section that somebody changed', () => {
  const base = {
    version: 2,
    renderer: 'networkd',
    ethernets: { eth0: { dhcp4: true }, eth1: { addresses: ['192.0.2.5/24'] } },
    vlans: { office: { id: 5, link: 'eth1', dhcp4: false } },
  };

  it('may say what netplan means by default', () => {
    expect(interfacesFindings(base)).toEqual([]);
  });

  test.each([
    [
      { ethernets: { eth0: { addresses: ['192.0.2.0/24'] } } },
      'network.ethernets.eth0.addresses.0',
    ],
    [
      { ethernets: { eth0: { macaddress: '01:00:00:00:00:00' } } },
      'network.ethernets.eth0.macaddress',
    ],
    [{ vlans: { office: { id: 5, link: 'eth9' } } }, 'network.vlans.office.link'],
    [{ vlans: { office: { id: 5000, link: 'eth1' } } }, 'network.vlans.office.id'],
    [{ ethernets: { eth0: { gateway4: '192.0.2.1' } } }, 'network.ethernets.eth0.gateway4'],
    [{ ethernets: { eth0: { match: { path: 'x' } } } }, 'network.ethernets.eth0.match.path'],
    [{ tunnels: {} }, 'network.tunnels'],
  ])('%j is refused', (change, path) => {
    const ethernets = { ...base.ethernets, ...('ethernets' in change ? change.ethernets : {}) };
    const found = interfacesFindings({ ...base, ...change, ethernets });
    expect(found.map((finding) => finding.path.join('.'))).toEqual([path]);
  });
});
