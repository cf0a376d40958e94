import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Interfaces, interfaceFiles, networkSection } from '@micro-linux/provision';
import { interfaceSets } from '@micro-linux/provision/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** How many networks are compared; others, by thousands: MICRO_LINUX_NETPLAN_RUNS=5000. */
const ASKED = process.env['MICRO_LINUX_NETPLAN_RUNS'];
const RUNS = Number(ASKED ?? 30);
const GENERATE = process.env['MICRO_LINUX_NETPLAN'] ?? '/usr/libexec/netplan/generate';
const hasNetplan = existsSync(GENERATE);

if (!hasNetplan) {
  console.warn('SKIPPED: no netplan here: apt-get install netplan.io');
}

/** What netplan makes of the seed's section for the same network: `id.network`, `id.netdev`. */
function byNetplan(interfaces: Interfaces): ReadonlyMap<string, string> {
  const root = mkdtempSync(join(tmpdir(), 'micro-linux-as-netplan-'));
  try {
    mkdirSync(join(root, 'etc/netplan'), { recursive: true });
    const network = networkSection({ kind: 'interfaces', interfaces });
    writeFileSync(join(root, 'etc/netplan/a.yaml'), JSON.stringify({ network }), { mode: 0o600 });
    execFileSync(GENERATE, ['--root-dir', root], { stdio: ['ignore', 'ignore', 'pipe'] });
    const directory = join(root, 'run/systemd/network');
    return new Map(
      readdirSync(directory).map((name) => [
        name.replace('10-netplan-', ''),
        readFileSync(join(directory, name), 'utf8'),
      ]),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Keys that are the same in both, by section; the others differ on purpose. */
const COMPARED: Readonly<Record<string, readonly string[]>> = {
  Network: ['DHCP', 'IPv6AcceptRA', 'Address', 'DNS', 'Domains', 'VLAN', 'Bridge', 'Bond'],
  Link: ['MTUBytes', 'MACAddress'],
  Route: ['Destination', 'Gateway', 'Metric', 'Scope', 'GatewayOnLink'],
  NetDev: ['Name', 'Kind'],
  VLAN: ['Id'],
  Bridge: ['STP', 'Priority', 'ForwardDelaySec', 'HelloTimeSec', 'MaxAgeSec', 'AgeingTimeSec'],
  Bond: ['Mode', 'LACPTransmitRate', 'TransmitHashPolicy', 'MinLinks', 'MIIMonitorSec'],
};

/** The settings of a file as sorted lines, in one notation. */
function settings(text: string): readonly string[] {
  let section = '';
  let route: string[] = [];
  const lines: string[] = [];
  const routes: string[][] = [];
  for (const line of text.split('\n')) {
    const header = /^\[(.+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      route = [];
      if (header === 'Route') {
        routes.push(route);
      }
    }
    const [key = '', ...rest] = line.split('=');
    const value = plain(key, rest.join('='));
    if (COMPARED[section]?.includes(key) && value !== undefined) {
      (section === 'Route' ? route : lines).push(`${section} ${key}=${value}`);
    }
  }
  return [...lines, ...routes.map((one) => one.sort().join(' '))].sort();
}

function plain(key: string, value: string): string | undefined {
  const text = value
    .toLowerCase()
    .replace(/^true$/, 'yes')
    .replace(/^false$/, 'no')
    .replace(/(\d)(?:ms|s)$/, '$1');
  // Defaults may be left out. The scope is link without a router and global with one.
  const isDefault = (key === 'GatewayOnLink' || key === 'STP') && text === 'no';
  // netplan does not tell 0 from a missing number.
  const isZero = /^(?:MinLinks|Priority|AgeingTimeSec|MIIMonitorSec)$/.test(key) && text === '0';
  const isUsualScope = key === 'Scope' && text !== 'host';
  return isDefault || isZero || isUsualScope ? undefined : text;
}

test.skipIf(!hasNetplan)(
  'networkd gets the same settings as from netplan for the network of the seed',
  () => {
    const sets = fc.sample(interfaceSets, {
      numRuns: RUNS,
      ...(ASKED === undefined ? { seed: 1 } : {}),
    });
    for (const all of sets) {
      const interfaces = Object.fromEntries(
        Object.entries(all).map(([id, one]) => [
          id,
          one.match?.path === undefined ? one : { ...one, match: { name: id } },
        ]),
      );
      const theirs = byNetplan(interfaces);
      for (const { name, content } of interfaceFiles(interfaces)) {
        const file = name.replace(/^\d+-/, '');
        expect(settings(content), `${file}\n${content}\n--- netplan:\n${theirs.get(file)}`).toEqual(
          settings(theirs.get(file) ?? ''),
        );
      }
    }
  },
  600_000,
);
