import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { LOGIN_PROMPT } from 'micro-linux/vm/login-prompt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinuxJson } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { Device } from '../../harness/device/device.ts';
import { storyConfig } from '../../harness/device/story-config.ts';

const skipped = await whySkipped('product-system');

/** What a maker of gateways may ask for. */
const PRODUCT = {
  services: {
    enable: ['nginx', 'serial-getty@ttyS1'],
    disable: ['fstrim.timer'],
    mask: ['systemd-pstore.service'],
  },
  defaultTarget: 'multi-user',
  modules: {
    load: ['dummy'],
    blacklist: ['virtio_rng'],
    options: { dummy: 'numdummies=3' },
  },
  sysctl: { 'net.ipv4.ip_forward': 1, 'kernel.panic': 5 },
  ntp: { servers: ['ntp.example'], fallback: ['192.0.2.123'] },
  swap: { zram: '25%' },
  firewall: 'firewall.nft',
  environment: { HTTP_PROXY: 'http://proxy.example/100%', WORDS: 'two $HOME' },
  agent: {
    trial: { deadlineSeconds: 900 },
    health: { scripts: ['health/answers.sh'], failedUnits: ['nginx.service'] },
  },
};

const RULES = `flush ruleset
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif lo accept
		meta l4proto { icmp, ipv6-icmp } accept
		udp sport 67 udp dport 68 accept
		tcp dport { ssh, http } accept
	}
}
`;

describe.skipIf(skipped !== undefined)('what runs in an image', () => {
  let scratch: string;

  beforeAll(async () => {
    scratch = await makeScratch('product-system');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(scratch, 'id')]);
    await writeFile(join(scratch, 'firewall.nft'), RULES);
    // The second disk that every device has.
    await writeFile(join(scratch, 'nothing.img'), '');
    await truncate(join(scratch, 'nothing.img'), 1024 * 1024);
    await mkdir(join(scratch, 'health'));
    await writeFile(join(scratch, 'health/answers.sh'), '#!/bin/sh\nsystemctl is-active nginx\n');
  });
  afterAll(() => removeScratch(scratch));

  /** The story's small image with further keys, on a device that is off. */
  async function deviceWith(
    name: string,
    keys: (base: Base) => Readonly<Record<string, unknown>>,
  ): Promise<Device> {
    const key = (await readFile(join(scratch, 'id.pub'), 'utf8')).trim();
    const { update: _, ...base } = JSON.parse(storyConfig({ version: '1.0.0' }, key));
    const file = join(scratch, `${name}.yaml`);
    await writeFile(file, JSON.stringify({ ...base, ...keys(base) }));
    const artifacts = join(scratch, name);
    await microLinuxJson(['build', '--no-iso', '--config', file, '--artifacts', artifacts]);
    const { user, password } = await readCredentials(join(artifacts, 'credentials.txt'));
    const login = { user, password, identity: join(scratch, 'id') };
    return Device.on({
      stages: { directory: scratch, media: join(scratch, 'nothing.img'), login, devices: {} },
      name,
      logDirectory: join(scratch, 'logs'),
      firmware: { kind: 'bios' },
      disk: join(artifacts, 'micro-linux-bookworm.qcow2'),
    });
  }

  it('is what the config says, and becomes healthy', async () => {
    const device = await deviceWith('all', ({ packages, prune }) => ({
      ...PRODUCT,
      packages: {
        add: ['nginx-light'],
        remove: packages.remove.filter((name) => name !== 'systemd-timesyncd'),
      },
      prune: { paths: prune.paths.filter((path) => !path.includes('netfilter')) },
    }));
    const says = async (command: string) => (await device.root(command)).stdout;
    try {
      await device.powerOn();
      await device.comesUp();
      expect
        .soft(await says('systemctl is-active nginx nftables systemd-timesyncd'))
        .toBe('active\nactive\nactive\n');
      expect
        .soft(
          await says('systemctl is-enabled serial-getty@ttyS1 fstrim.timer systemd-pstore.service'),
        )
        .toBe('enabled\ndisabled\nmasked\n');
      expect.soft(await says('systemctl --failed --plain --no-legend')).toBe('');
      expect.soft(await says('systemctl get-default')).toBe('multi-user.target\n');
      expect
        .soft(await says('sysctl -n net.ipv4.ip_forward kernel.panic kernel.panic_on_oops'))
        .toBe('1\n5\n1\n');
      const modules = await says('lsmod');
      expect.soft(modules).toMatch(/^zram /m);
      expect.soft(modules).not.toMatch(/^virtio_rng /m);
      expect.soft(await says('ls /sys/class/net')).toMatch(/dummy0\ndummy1\ndummy2\n/);
      expect.soft(await says('cat /proc/swaps')).toContain('/dev/zram0');
      expect.soft(await says('nft list ruleset')).toContain('policy drop');
      expect
        .soft(await says('timedatectl show-timesync'))
        .toMatch(/^SystemNTPServers=ntp\.example\nFallbackNTPServers=192\.0\.2\.123$/m);
      for (const command of [
        // nginx puts its title in the place of its environment.
        'tr "\\0" "\\n" </proc/$(pgrep -o -f systemd-timesyncd)/environ',
        'systemd-run --quiet --wait --pipe env',
      ]) {
        expect.soft(await says(command), command).toContain('WORDS=two $HOME\n');
        expect.soft(await says(command)).toContain('HTTP_PROXY=http://proxy.example/100%\n');
      }
      expect.soft((await device.shell('env')).stdout).toContain('WORDS=two $HOME\n');
      expect.soft(await says('ota-agent health')).toMatch(/health\.d\/answers\.sh/);
      expect.soft(await says('ota-agent status')).toMatch(/confirmed/i);
      await device.powerOff();
    } finally {
      await device.dispose();
    }
  });

  it('becomes healthy without ssh, if the config says that nothing requires it', async () => {
    const device = await deviceWith('no-ssh', ({ packages }) => ({
      packages: { remove: [...packages.remove, 'openssh-server', 'openssh-client'] },
      agent: { health: { requiredUnits: ['systemd-networkd.service'] } },
    }));
    const { user, password } = await readCredentials(join(scratch, 'no-ssh/credentials.txt'));
    try {
      await device.powerOn();
      // Without ssh, somebody has to go there.
      await device.sees(LOGIN_PROMPT);
      device.machine.send(`${user}\n`);
      await device.sees('Password:');
      device.machine.send(`${password}\n`);
      await device.sees(`${user}@`);
      // The first healthy boot of a disk confirms it; the device had no ssh to wait for.
      device.machine.send(
        'systemctl is-system-running --wait; ota-agent health; ota-agent status\n',
      );
      await device.sees(/^running/);
      expect(await device.sees(/ssh|confirmed|healthy/i)).not.toMatch(/ssh/i);
      device.machine.send('ss -lnt | grep -c :22; echo no"-ssh"\n');
      await device.sees(/^0$/);
      await device.sees(/^no-ssh/);
    } finally {
      await device.dispose();
    }
  });
});

interface Base {
  readonly packages: { readonly remove: readonly string[] };
  readonly prune: { readonly paths: readonly string[] };
}
