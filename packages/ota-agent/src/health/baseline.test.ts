import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultConfig } from '@micro-linux/provision';
import { describe, expect, it } from 'vitest';
import { type TestDevice, testDevice } from '../testing.ts';
import { captureBaseline } from './baseline.ts';
import { hasDefaultRoute } from './default-route.ts';

/**
 * On a device with bookworm, after `timedatectl` and `systemd-run --unit=by-hand sleep 600`:
 * systemctl show --no-pager --property=Id,Type,SubState,Transient,WantedBy,RequiredBy,UpheldBy -- '*.service'
 */
const SHOW = readFileSync(join(import.meta.dirname, 'testdata/show-services.txt'), 'utf8');

function systemctl(device: TestDevice, stdout: string): void {
  device.answer('/usr/bin/systemctl', async () => ({ stdout, stderr: '', exitCode: 0 }));
}

const config = (health: object) => {
  const defaults = defaultConfig();
  return { ...defaults, health: { ...defaults.health, ...health } };
};

describe('captureBaseline', () => {
  it('records the services that the boot started, not those of logins, timers and requests', async () => {
    const device = testDevice();
    systemctl(device, SHOW);
    const { units } = await captureBaseline(device.system, config({}));
    expect(units).toEqual([
      'dbus.service',
      'ssh.service',
      'systemd-journald.service',
      'systemd-logind.service',
      'systemd-networkd.service',
      'systemd-resolved.service',
      'systemd-timesyncd.service',
      'systemd-udevd.service',
    ]);
  });

  it('leaves out units that the config ignores', async () => {
    const device = testDevice();
    systemctl(device, SHOW);
    const ignoring = config({ ignoreUnits: ['systemd-timesyncd.service'] });
    const { units } = await captureBaseline(device.system, ignoring);
    expect(units).not.toContain('systemd-timesyncd.service');
  });

  it('records the route, sshd and hosts only if they respond', async () => {
    const device = testDevice();
    systemctl(device, '');
    device.listen('127.0.0.1:22', 'SSH-2.0-OpenSSH_9.2p1\r\n');
    device.listen('192.0.2.1:443', '');
    writeFileSync(device.system.paths.routes[0], IPV4_DEFAULT);
    const hosts = ['192.0.2.1:443', '192.0.2.2:443'];
    expect(await captureBaseline(device.system, config({ hosts }))).toEqual({
      units: [],
      defaultRoute: true,
      sshd: true,
      hosts: ['192.0.2.1:443'],
    });
  });

  it('is empty, without an error, when nothing can be determined', async () => {
    const device = testDevice();
    device.listen('127.0.0.1:22', 'HTTP/1.1 400\r\n');
    expect(await captureBaseline(device.system, config({}))).toEqual({
      units: [],
      defaultRoute: false,
      sshd: false,
      hosts: [],
    });
  });
});

const HEADER =
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const IPV4_DEFAULT = `${HEADER}eth0\t00000000\t0202000A\t0003\t0\t0\t1024\t00000000\t0\t0\t0\n`;
const ZERO = '0'.repeat(32);

describe('hasDefaultRoute', () => {
  it.each([
    ['an IPv4 default route', IPV4_DEFAULT, '', true],
    [
      'an IPv6 default route',
      HEADER,
      `${ZERO} 00 ${ZERO} 00 fe800000000000000000000000000002 00000400 00000001 00000000 00000003 eth0\n`,
      true,
    ],
    [
      'a network of its own',
      `${HEADER}eth0\t0002000A\t00000000\t0001\t0\t0\t1024\t00FFFFFF\t0\t0\t0\n`,
      '',
      false,
    ],
    [
      'the kernel’s unreachable IPv6 route',
      HEADER,
      `${ZERO} 00 ${ZERO} 00 ${ZERO} ffffffff 00000001 00000000 00200200       lo\n`,
      false,
    ],
    ['no route', HEADER, '', false],
  ])('with %s', (_, ipv4, ipv6, expected) => {
    const device = testDevice();
    writeFileSync(device.system.paths.routes[0], ipv4);
    writeFileSync(device.system.paths.routes[1], ipv6);
    expect(hasDefaultRoute(device.system)).toBe(expected);
  });
});
