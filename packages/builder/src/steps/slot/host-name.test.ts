import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dataTree } from '@micro-linux/provision';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, '../../../../../systemd/scripts/host-name');
const MACHINE_ID = '0123456789abcdef0123456789abcdef';

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
const read = (...path: string[]) => readFileSync(at(...path), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'micro-linux-host-name-'));
  for (const directory of ['etc/micro-linux', 'sys/class/dmi/id', 'sys/class/net', 'sys/devices']) {
    mkdirSync(at(directory), { recursive: true });
  }
  writeFileSync(at('etc/machine-id'), `${MACHINE_ID}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The files that a built disk or an installation puts on the data partition. */
function provision(template: string): void {
  const identity = {
    hostname: template,
    ...{ user: 'micro', passwordHash: undefined, sshPassword: false, sshKeys: [] },
    network: { kind: 'none' },
    ...{ timezone: 'Etc/UTC', locale: 'C.UTF-8' },
  } as const;
  const accounts = { passwd: '', group: '', shadow: '', gshadow: '' };
  for (const entry of dataTree(identity, accounts)) {
    if (entry.kind === 'file' && /host/.test(entry.path) && typeof entry.content === 'string') {
      writeFileSync(at('etc', entry.path.replace('/etc/upper/', '')), entry.content);
    }
  }
}

function dmi(file: string, value: string): void {
  writeFileSync(at('sys/class/dmi/id', file), `${value}\n`);
}

function port(name: string, place: string, mac: string, more: Record<string, string> = {}): void {
  mkdirSync(at('sys/devices', place), { recursive: true });
  mkdirSync(at('sys/class/net', name));
  symlinkSync(at('sys/devices', place), at('sys/class/net', name, 'device'));
  const files = { type: '1', addr_assign_type: '0', dev_port: '0', address: mac, ...more };
  for (const [file, value] of Object.entries(files)) {
    writeFileSync(at('sys/class/net', name, file), `${value}\n`);
  }
}

function boot() {
  return spawnSync('sh', [SCRIPT], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      ...{ ETC_DIRECTORY: at('etc'), SYS_DIRECTORY: at('sys'), TRIES: '1' },
      KERNEL_HOSTNAME: at('kernel'),
    },
  });
}

/** The name at a first boot. */
function made(template: string): string {
  provision(template);
  expect(boot()).toMatchObject({ status: 0, stderr: '' });
  expect(read('kernel')).toBe(read('etc/hostname'));
  return read('etc/hostname').trim();
}

test.each([
  ['S4EW NX0/123', 's4ew-nx0-123'],
  ['VMware-56 4d 1f', 'vmware-56-4d-1f'],
  ['  ABC-  ', 'abc'],
  ['Über', 'ber'],
])('a serial number of %j', (value, expected) => {
  dmi('product_serial', value);
  expect(made('gw-{serial}')).toBe(`gw-${expected}`);
});

describe('a serial number that is none', () => {
  it.each([
    ...[
      '',
      'To be filled by O.E.M.',
      'To Be Filled By O.E.M.',
      'Default string',
      'None',
      'N/A',
      '0',
    ],
    ...[
      'System Serial Number',
      'Not Specified',
      'Not Applicable',
      '00000000',
      'XXXXXXX',
      '0123456789',
    ],
    ...['1234567890', 'Unknown', '...', 'INVALID', 'O.E.M.', '00-00-00', 'empty'],
  ])('%j: the one of the board', (value) => {
    dmi('product_serial', value);
    dmi('board_serial', 'B7');
    expect(made('gw-{serial}')).toBe('gw-b7');
  });

  it('is replaced by the MAC address, then by the machine id', () => {
    port('wlan0', 'pci0/01', '52:54:00:00:00:01');
    mkdirSync(at('sys/class/net/wlan0/phy80211'));
    port('enp2s0', 'pci0/02', '52:54:00:00:00:02', { addr_assign_type: '1' });
    port('enp4s0', 'pci0/04', '52:54:00:00:00:04');
    port('enp3s0', 'pci0/03', '52:54:00:AB:00:03'.toLowerCase());
    mkdirSync(at('sys/class/net/br0'));
    expect(made('gw-{serial}')).toBe('gw-525400ab0003');
    rmSync(at('sys/class/net'), { recursive: true });
    mkdirSync(at('sys/class/net'));
    rmSync(at('etc/hostname'));
    expect(made('gw-{serial}')).toBe(`gw-${MACHINE_ID}`);
  });
});

it('shortens a long number at its beginning, to the length of a label', () => {
  dmi('product_serial', `${'x'.repeat(60)}-12345`);
  const name = made('gateway-{serial}');
  expect(name).toHaveLength(63);
  expect(name).toMatch(/^gateway-x+-12345$/);
});

it('replaces several placeholders, and keeps a domain', () => {
  dmi('product_serial', 'A1');
  port('eth0', 'pci0/01', '52:54:00:00:00:01');
  expect(made('{serial}-{mac}.lan.example')).toBe('a1-525400000001.lan.example');
  expect(read('etc/hosts')).toBe(
    '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 a1-525400000001.lan.example a1-525400000001\n',
  );
});

it('uses the machine id', () => {
  expect(made('gw-{machine-id}')).toBe(`gw-${MACHINE_ID}`);
});

it('keeps the name when the MAC address changes', () => {
  port('eth0', 'pci0/01', '52:54:00:00:00:01');
  const name = made('gw-{mac}');
  writeFileSync(at('sys/class/net/eth0/address'), '52:54:00:00:00:02\n');
  expect(boot()).toMatchObject({ status: 0, stdout: '' });
  expect(read('etc/hostname').trim()).toBe(name);
});

it('makes the name again if power was lost between hosts and hostname', () => {
  dmi('product_serial', 'A1');
  made('gw-{serial}');
  writeFileSync(at('etc/hostname'), '');
  writeFileSync(at('etc/hostname.new'), 'gw-');
  expect(boot().status).toBe(0);
  expect(read('etc/hostname')).toBe('gw-a1\n');
  expect(read('etc/hosts').match(/^127\.0\.1\.1 /gm)).toHaveLength(1);
});

it('sets the name for this boot if it cannot be kept, and leaves no partial files', () => {
  provision('gw-{serial}');
  dmi('product_serial', 'A1');
  // In place of a full disk: the file cannot be replaced.
  mkdirSync(at('etc/hosts.new'));
  const { status, stderr } = boot();
  expect(status).toBe(1);
  expect(stderr).toContain('cannot keep the name');
  expect(read('kernel')).toBe('gw-a1\n');
  expect(existsSync(at('etc/hostname.new'))).toBe(false);
});

it('is a script that sh of Debian accepts', () => {
  execFileSync('sh', ['-n', SCRIPT]);
});
