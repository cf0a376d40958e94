import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { PLAIN } from './generate.ts';
import type { WifiSettings } from './interface-settings.ts';
import { networkTree } from './network-tree.ts';
import { wpaSupplicantFile } from './wpa-supplicant.ts';

const PROGRAM = '/sbin/wpa_supplicant';
const hasProgram = existsSync(PROGRAM);
if (!hasProgram) {
  console.warn('SKIPPED: no wpa_supplicant here: apt-get install wpasupplicant');
}

const WIFI: WifiSettings = { ssid: 'workshop', password: 'a long passphrase', hidden: false };

it('offers WPA2 and WPA3 with a passphrase', () => {
  expect(wpaSupplicantFile({ ...WIFI, hidden: true, regulatoryDomain: 'DE' })).toBe(
    'ctrl_interface=/run/wpa_supplicant\ncountry=DE\nnetwork={\n\tssid=776f726b73686f70\n\tscan_ssid=1\n' +
      '\tkey_mgmt=WPA-PSK WPA-PSK-SHA256 SAE\n\tieee80211w=1\n\tpsk="a long passphrase"\n}\n',
  );
});

describe.skipIf(!hasProgram)('is read by wpa_supplicant', () => {
  /** What it says about a file: it fails afterwards, because there is no radio. */
  function complaints(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'micro-linux-wpa-'));
    try {
      const file = join(folder, 'a.conf');
      writeFileSync(file, text);
      const { stdout } = spawnSync(PROGRAM, ['-Dnl80211', '-ino-radio', '-c', file], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      return stdout
        .split('\n')
        .filter((line) => /Line \d+|read or parse|Invalid/.test(line))
        .join('\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each<Partial<WifiSettings>>([
    {},
    { password: undefined },
    { password: '0f'.repeat(32) },
    { password: 'with "quotes" # and ü'.replace('ü', '\\x') },
    { password: '"""""""""' },
    { password: ' # 8 spaces ' },
    { password: 'x'.repeat(63) },
    { ssid: 'ü'.repeat(16), regulatoryDomain: 'DE', hidden: true },
  ])('%j', (more) => {
    expect(complaints(wpaSupplicantFile({ ...WIFI, ...more }))).toBe('');
  });

  it('which would say what is wrong', () => {
    expect(complaints(wpaSupplicantFile({ ...WIFI, password: 'short' }))).toContain('Line');
  });
});

it('is readable by root only, and started when the radio appears', () => {
  const tree = networkTree({
    kind: 'interfaces',
    interfaces: { 'wlan-a': { ...PLAIN, dhcp4: true, wifi: WIFI } },
  });
  const secret = tree.filter((entry) => JSON.stringify(entry).includes('passphrase'));
  expect(secret).toMatchObject([
    { path: 'wpa_supplicant/wpa_supplicant-wlan-a.conf', mode: 0o600 },
  ]);
  expect(tree.filter(({ kind }) => kind === 'link')).toMatchObject([
    {
      path: 'systemd/system/sys-subsystem-net-devices-wlan\\x2da.device.wants/wpa_supplicant@wlan\\x2da.service',
    },
  ]);
});
