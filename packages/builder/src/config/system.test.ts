import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MicroLinuxError } from '@micro-linux/core';
import { describe, expect, it, test } from 'vitest';
import { testConfig } from '../jobs/build/testing.ts';
import { moduleArguments } from './kernel-settings.ts';
import { loadConfig } from './load.ts';

/** Everything that an error says about a config. */
async function refusal(text: string): Promise<string> {
  try {
    await loadConfig({ text, env: {}, flags: [] });
  } catch (error) {
    const { message, why, hint } = error as MicroLinuxError;
    return [message, why, hint].join('\n');
  }
  return '';
}

const WITHOUT_SSH = 'agent: {health: {requiredUnits: [systemd-networkd.service]}}\n';

describe('services', () => {
  it('adds .service to a plain name, and accepts instances', async () => {
    const { services } = await testConfig(
      'services: {enable: [nginx, nginx.service, "serial-getty@ttyS1"]}\n',
    );
    expect(services.enable).toEqual(['nginx.service', 'serial-getty@ttyS1.service']);
  });

  it.each([
    ['services: {enable: ["a b"]}', 'enable[0]: "a b" is not a unit name'],
    ['services: {enable: [a.servce]}', '"a.servce" is not a unit name'],
    ['services: {enable: [../a.service]}', 'is not a unit name'],
    ['services: {enabled: [a]}', 'did you mean `enable`?'],
    ['services: {enable: [a], mask: [a.service]}', '"a.service" is also under services.enable'],
    ['services: {mask: [ota-agent-mark-boot]}', 'belongs to micro-linux'],
    ['services: {disable: [micro-linux-ssh-host-keys]}', 'belongs to micro-linux'],
    ['services: {mask: [boot-complete.target]}', 'cannot be turned off: a boot is only confirmed'],
    ['services: {mask: [multi-user.target]}', 'cannot be turned off'],
    ['services: {disable: [dbus.socket]}', 'cannot be turned off'],
    ['services: {mask: [systemd-networkd]}', 'the health check requires "systemd-networkd.service'],
    ['services: {mask: [ssh.service, ssh.socket, sshd]}', 'the health check requires "ssh.socket'],
    ['firewall: a.nft\nservices: {mask: [nftables]}', 'it loads the firewall'],
    ['modules: {load: [a]}\nservices: {mask: [systemd-modules-load]}', 'it loads the modules'],
    [
      'agent: {health: {requiredUnits: [a.service]}}\nservices: {mask: [a]}',
      'requires "a.service"',
    ],
    ['defaultTarget: rescue.target', 'no boot becomes healthy'],
    ['defaultTarget: a.service', 'is not a target'],
  ])('%s', async (text, problem) => {
    expect(await refusal(`${text}\n`)).toContain(problem);
  });

  it('accepts another network manager in place of networkd', async () => {
    const services = 'services: {disable: [systemd-networkd], enable: [NetworkManager]}\n';
    expect(await refusal(services)).toBe('');
    expect(
      await refusal('services: {mask: [systemd-networkd]}\npackages: {add: [ifupdown]}\n'),
    ).toBe('');
  });
});

describe('packages.remove and the health check', () => {
  it('keeps ssh while a required unit needs it', async () => {
    expect(await refusal('packages: {remove: [openssh-server]}\n')).toContain(
      'set agent.health.requiredUnits without an ssh unit',
    );
    expect(
      await refusal(`packages: {remove: [openssh-server, openssh-client]}\n${WITHOUT_SSH}`),
    ).toBe('');
  });

  it('keeps everything else', async () => {
    expect(await refusal(`packages: {remove: [udev]}\n${WITHOUT_SSH}`)).toContain(
      'cannot be left out',
    );
  });
});

describe('kernel settings', () => {
  it.each([
    ['modules: {load: [ext4.ko]}', 'write ext4 alone'],
    ['modules: {load: ["loop max_loop=4"]}', 'parameters go to modules.options'],
    ['modules: {blacklist: [ext4]}', 'is needed by every boot'],
    ['modules: {load: [a-b], blacklist: [a_b]}', 'is also under modules.load'],
    ['modules: {options: {loop: "a b\'"}}', 'is not a parameter'],
    ['modules: {options: {loop: "$(x)=1"}}', 'is not a parameter'],
    ['sysctl: {kernel.panic: 0}', 'GRUB could not count'],
    ['sysctl: {kernel/panic_on_oops: 0}', 'lets a device run on'],
    ['sysctl: {kernel.modules_disabled: 1}', 'forbids to load modules'],
    ['sysctl: {net.ipv4: {ip_forward: 1}}', 'sysctl.net.ipv4: must be text or a number'],
    ['sysctl: {vm.swappiness: "1\\n2"}', 'is not a value'],
  ])('%s', async (text, problem) => {
    expect(await refusal(`${text}\n`)).toContain(problem);
  });

  it('accepts a longer or shorter pause before the restart', async () => {
    expect(await refusal('sysctl: {kernel.panic: 30, kernel.panic_on_oops: 1}\n')).toBe('');
  });

  it('puts modules on the command line too, for the initrd', async () => {
    const { modules } = await testConfig(
      'modules: {blacklist: [a-b, c], options: {dummy-x: "numdummies=3 y"}}\n',
    );
    expect(moduleArguments(modules)).toEqual([
      'modprobe.blacklist=a_b,c',
      'dummy_x.numdummies=3',
      'dummy_x.y',
    ]);
  });
});

test.each([
  ['ntp: ["x y"]', 'is not a time server'],
  ['ntp: ["192.0.2.1:123"]', 'is not a time server'],
  ['ntp: [a.example]\npackages: {add: [chrony]}', 'for systemd-timesyncd, which "chrony"'],
  ['ntp: [a.example]\npackages: {add: [chrony=4.3]}', 'for systemd-timesyncd, which "chrony"'],
  ['ntp: [a.example]\npackages: {remove: [systemd-timesyncd]}', 'keep one of the two'],
  ['swap: {zram: 0%}', 'write 1% to 200%'],
  ['swap: {zram: 300%}', 'write 1% to 200%'],
  ['swap: {zram: half}', 'a share of the memory such as 50%'],
  ['swap: {file: 1G}', 'known here: zram'],
  ['environment: {PATH: /bin}', 'Environment= of its unit'],
  ['environment: {NODE_OPTIONS: x}', 'the health checks among them'],
  ['environment: {LC_ALL: C}', 'write it under `locale`'],
  ['environment: {"A-B": x}', 'is not the name of a variable'],
  ['environment: {A: "x\\ny"}', 'a line break'],
])('%s', async (text, problem) => {
  expect(await refusal(`${text}\n`)).toContain(problem);
});

describe('agent', () => {
  it.each([
    ['agent: {boot: {tries: 2}}', 'write it as `boot`'],
    ['agent: {signatures: {threshold: 2}}', 'write it as `update.threshold`'],
    ['health: {hosts: []}', 'write it as `agent.health`'],
    ['agent: {health: {requiredUnit: []}}', 'did you mean `requiredUnits`?'],
    ['agent: {health: {settleSeconds: -1}}', 'write a whole number from 0 to 3600'],
    ['agent: {health: {settleSeconds: 300}}', 'is not shorter than a trial'],
    ['agent: {trial: {deadlineSeconds: 60}}', 'health.timeoutSeconds: 60 s is not shorter'],
    ['agent: {health: {hosts: [x]}}', 'hosts[0]: "x" must be host:port'],
    ['agent: {health: {requiredUnits: [a]}}', 'requiredUnits[0]: "a" must be a unit name'],
    ['agent: {health: {ignoreUnits: [a]}}', 'ignoreUnits[0]: "a" is not a unit name'],
    ['agent: {health: {requiredUnits: [boot-complete.target]}}', 'wait for it forever'],
    ['agent: {health: {scripts: [a.py]}}', 'is not a name that the agent runs'],
    ['agent: {health: {scripts: [a/x.sh, b/x.sh]}}', 'two scripts named "x.sh"'],
  ])('%s', async (text, problem) => {
    expect(await refusal(`${text}\n`)).toContain(problem);
  });
});

test('what is protected is what the image sets', () => {
  const settings = readFileSync(
    join(import.meta.dirname, '../../rootfs-overlay/usr/lib/sysctl.d/50-micro-linux.conf'),
    'utf8',
  );
  const names = [...settings.matchAll(/^([a-z_.]+) = /gm)].map(([, name]) => name);
  expect(names).toEqual(['kernel.panic', 'kernel.panic_on_oops']);
});
