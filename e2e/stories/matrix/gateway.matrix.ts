import { cp, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ExitCode, run } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { prepareFirmware } from 'micro-linux/vm/firmware';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinuxJson, ROOT } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { apply } from '../../harness/device/agent.ts';
import { Device } from '../../harness/device/device.ts';
import { QUICK_KERNEL_ARGUMENTS } from '../../harness/device/story-config.ts';

const skipped = await whySkipped('the gateway example');

const HTTPS = 443;

/** Releases of the example's service; the last one does not start. */
const RELEASES = [['1.0.0'], ['1.1.0'], ['1.2.0', '/bin/false']] as const;

describe.skipIf(skipped !== undefined)('the gateway example', () => {
  let scratch: string;
  const at = (...parts: string[]) => join(scratch, ...parts);

  beforeAll(async () => {
    scratch = await makeScratch('gateway');
    await cp(join(ROOT, 'examples/gateway'), at('gateway'), { recursive: true });
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('id')]);
    await microLinuxJson(['keygen', at('keys/signing.pem')]);
    const sshKeys = [(await readFile(at('id.pub'), 'utf8')).trim()];
    await mkdir(at('media'));
    for (const [version, ...command] of RELEASES) {
      await run(at('gateway/build-app.sh'), [version, ...command]);
      // The example as it is, with what a story needs to log in and to boot quickly.
      const story = {
        ...{ extends: 'gateway/micro-linux.yaml', version, user: { sshKeys } },
        kernel: { arguments: QUICK_KERNEL_ARGUMENTS },
        console: { replace: ['ttyS0,115200'] },
        update: { signingKey: 'keys/signing.pem', trustedKeys: ['keys/signing.pub.pem'] },
      };
      await writeFile(at(`${version}.yaml`), JSON.stringify(story));
      const kind = version === '1.0.0' ? 'qcow2' : 'update';
      await microLinuxJson([kind, '--config', at(`${version}.yaml`), '--artifacts', at(version)]);
      if (kind === 'update') {
        const built = await realpath(at(version, 'micro-linux-bookworm.update.img'));
        await rename(built, at('media', `${version}.img`));
      }
    }
    await run('mke2fs', ['-q', '-t', 'ext4', '-d', at('media'), at('media.img'), '1G']);
  });
  afterAll(() => removeScratch(scratch));

  async function withDevice(firmware: 'bios' | 'uefi', work: (device: Device) => Promise<void>) {
    const { user, password } = await readCredentials(at('1.0.0/credentials.txt'));
    const disk = at(`${firmware}.qcow2`);
    await cp(at('1.0.0/micro-linux-bookworm.qcow2'), disk);
    const device = await Device.on({
      stages: {
        ...{ directory: scratch, media: at('media.img'), devices: {} },
        login: { user, password, identity: at('id') },
      },
      name: `gateway-${firmware}`,
      logDirectory: at('logs'),
      firmware: await prepareFirmware(firmware, scratch),
      disk,
      ports: [HTTPS],
    });
    try {
      await device.powerOn();
      await device.comesUp();
      await work(device);
    } finally {
      await device.dispose();
    }
  }

  it('answers by UEFI', async () => {
    await withDevice('uefi', async (device) => {
      expect(await answer(device)).toEqual({ version: '1.0.0', path: '/hello' });
    });
  });

  it('answers by BIOS, takes a new release, and rolls one back that does not start', async () => {
    await withDevice('bios', async (device) => {
      const says = async (command: string) => (await device.root(command)).stdout;
      expect(await answer(device)).toEqual({ version: '1.0.0', path: '/hello' });
      expect(await says('systemctl --failed --plain --no-legend')).toBe('');
      expect(await says('nft list ruleset')).toContain('tcp dport { 22, 80, 443 } accept');
      const key = await says('sha256sum /var/lib/gateway-tls/key.pem');
      expect(key).toMatch(/^[0-9a-f]{64} /);

      const update = async (version: string) => {
        await device.root('mkdir -p /run/media && mount -o ro /dev/vdb /run/media');
        const applied = await apply(device, `/run/media/${version}.img`);
        expect(applied, applied.stderr).toMatchObject({ exitCode: ExitCode.rebootNeeded });
        await device.reboot();
      };
      await update('1.1.0');
      await device.chooses('B trial');
      await device.comesUp();
      expect(await answer(device)).toEqual({ version: '1.1.0', path: '/hello' });
      expect(await says('sha256sum /var/lib/gateway-tls/key.pem')).toBe(key);
      expect(await says('ota-agent status')).toMatch(/confirmed/i);

      await update('1.2.0');
      await device.chooses('A trial', 'B confirmed');
      await device.comesUp();
      expect(await answer(device)).toEqual({ version: '1.1.0', path: '/hello' });
      expect(await says('ota-agent status')).toMatch(/gateway\.service/);
    });
  });

  /** What the service says to somebody outside. */
  async function answer(device: Device): Promise<unknown> {
    const port = await device.port(HTTPS);
    const body = await new Promise<string>((resolve, reject) => {
      // The device has made the certificate itself.
      request({ host: '127.0.0.1', port, path: '/hello', rejectUnauthorized: false })
        .on('response', (response) => text(response).then(resolve, reject))
        .on('error', reject)
        .end();
    });
    return JSON.parse(body);
  }
});
