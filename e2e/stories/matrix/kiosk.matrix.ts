import { cp, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { PATIENCE } from 'micro-linux/vm/patience';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinuxJson, ROOT } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { Device } from '../../harness/device/device.ts';
import { QUICK_KERNEL_ARGUMENTS } from '../../harness/device/story-config.ts';

const skipped = await whySkipped('the kiosk example');

/** The page's background in the example: #0b3d2e. */
const BACKGROUND = Buffer.from([0x0b, 0x3d, 0x2e]);
const SCREEN = 'screen';
const WHITE = Buffer.from([0xff, 0xff, 0xff]);

describe.skipIf(skipped !== undefined)('the kiosk example', () => {
  let scratch: string;
  let device: Device;
  const at = (...parts: string[]) => join(scratch, ...parts);

  beforeAll(async () => {
    scratch = await makeScratch('kiosk');
    await cp(join(ROOT, 'examples/kiosk'), at('kiosk'), { recursive: true });
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('id')]);
    const sshKeys = [(await readFile(at('id.pub'), 'utf8')).trim()];
    // The example as it is, with what a story needs to log in and to boot quickly.
    const story = {
      ...{ extends: 'kiosk/micro-linux.yaml', user: { sshKeys } },
      kernel: { arguments: QUICK_KERNEL_ARGUMENTS },
      console: { replace: ['ttyS0,115200'] },
    };
    await writeFile(at('story.yaml'), JSON.stringify(story));
    await microLinuxJson(['qcow2', '--config', at('story.yaml'), '--artifacts', at('artifacts')]);
    await mkdir(at('media'));
    await writeFile(at('empty.img'), '');
    await truncate(at('empty.img'), MIB);
    const { user, password } = await readCredentials(at('artifacts/credentials.txt'));
    device = await Device.on({
      stages: {
        ...{ directory: scratch, media: at('empty.img'), devices: {} },
        login: { user, password, identity: at('id') },
      },
      name: 'kiosk',
      logDirectory: join(ROOT, 'artifacts/logs'),
      firmware: { kind: 'bios' },
      disk: at('artifacts/micro-linux-bookworm.qcow2'),
      // A browser needs more memory than other stories, and Wayland the screen that `vm --display` has.
      extra: ['-m', '2048M', '-device', `virtio-gpu-pci,id=${SCREEN}`],
    });
    await device.powerOn();
    await device.comesUp();
  });
  afterAll(async () => {
    await device?.dispose();
    await removeScratch(scratch);
  });

  /** What the screen shows, as the share of its pixels that have a colour. */
  async function share(colour: Buffer): Promise<number> {
    const filename = at('screen.ppm');
    await device.machine.qmp.execute('screendump', { filename, device: SCREEN });
    const picture = await readFile(filename);
    const [, width, height] =
      /^P6\n(\d+) (\d+)\n255\n/.exec(picture.toString('latin1', 0, 32)) ?? [];
    const pixels = picture.subarray(picture.length - 3 * Number(width) * Number(height));
    let found = 0;
    for (let index = 0; index < pixels.length; index += 3) {
      found += pixels.subarray(index, index + 3).equals(colour) ? 1 : 0;
    }
    return (3 * found) / pixels.length;
  }

  /** Waits until the background fills the screen; the text on it has another colour. */
  async function showsThePage(): Promise<void> {
    const patience = { interval: 5000, timeout: PATIENCE.far };
    await expect.poll(() => share(BACKGROUND), patience).toBeGreaterThan(0.8);
    expect(await share(WHITE)).toBeGreaterThan(0.002);
  }

  it('shows its page on the screen', async () => {
    await showsThePage();
  });

  it('runs the browser as its own user, and is healthy', async () => {
    const says = async (command: string) => (await device.root(command)).stdout;
    expect(await says('ps -o user= -C cog')).toBe('kiosk\n');
    expect(await says('systemctl is-active kiosk getty@tty1')).toBe('active\ninactive\n');
    expect(await says('systemctl --failed --plain --no-legend')).toBe('');
    expect(await says('ota-agent health')).toMatch(/health\.d\/browser-runs/);
    expect(await says('ota-agent status')).toMatch(/confirmed/i);
  });

  it('shows it again when the browser has died', async () => {
    await device.root('systemctl kill --signal=KILL kiosk');
    await device.until('systemctl show -p NRestarts --value kiosk | grep -qx "[1-9][0-9]*"');
    await showsThePage();
  });
});
