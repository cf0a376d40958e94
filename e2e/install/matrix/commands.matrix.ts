import { GIB } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { readFromData } from '../../harness/installer/installed-disk.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('commands of a seed');

/** Serial number of a disk with which a late-command fails. */
const UNWANTED = 'unwanted';
const LOG = '/var/log/installer/install.log';

describe.skipIf(skipped !== undefined)('commands of a seed', () => {
  const shared = shareInstaller('install-commands', {
    install: {
      earlyCommands: ['echo "was early" >/run/early'],
      lateCommands: [
        'cat /run/early >/target/etc/early; echo "the late-command says so"',
        ['chroot', '/target', 'useradd', '--create-home', '--password', '*', 'late'],
        `test ! -e /dev/disk/by-id/virtio-${UNWANTED}`,
        'echo "$TARGET_MOUNT_POINT" >/target/var/lib/late',
      ],
      errorCommands: ['echo "the error-command ran" >/dev/ttyS0'],
    },
  });

  const bare = (name: string, serial: string) =>
    BareMachine.of({
      ...{ name, firmware: 'bios', drive: 'cdrom' },
      ...{ iso: shared.installer.iso, scratch: shared.scratch },
      disks: [{ bytes: 4 * GIB, serial }],
    });

  it('change the installed system, with its own view of its directories', async () => {
    const machine = await bare('commands', 'wanted');
    try {
      await machine.install();
      const [disk = ''] = machine.disks;
      const options = { name: 'commands', firmware: 'bios', disk, ...shared } as const;
      await onInstalled(options, async (device) => {
        const says = async (command: string) => (await device.root(command)).stdout;
        expect.soft(await says('cat /etc/early')).toBe('was early\n');
        expect.soft(await says('cat /var/lib/late')).toBe('/target\n');
        expect.soft(await says('getent passwd late')).toMatch(/^late:x:\d+:/);
        expect.soft(await says('stat -c %U /home/late')).toBe('late\n');
        expect.soft(await says(`cat ${LOG}`)).toContain('the late-command says so');
        expect.soft(await says('systemctl --failed --plain --no-legend')).toBe('');
      });
    } finally {
      await machine.dispose();
    }
  });

  it('that fail end the installation: the error-commands run, and the disk keeps the log', async () => {
    const machine = await bare('commands-fail', UNWANTED);
    try {
      const said = await machine.failsToInstall();
      expect.soft(said).toMatch(/^the error-command ran/m);
      expect.soft(said).toMatch(/error\[install-command-failed\]: late-commands\[2\]/);
      const [disk = ''] = machine.disks;
      const log = await readFromData(disk, LOG, shared.scratch);
      expect.soft(log).toContain('late-commands[2] begins');
      expect.soft(log).toContain('FAILED: run 4 late-commands');
      expect.soft(log).not.toContain('late-commands[3]');
    } finally {
      await machine.dispose();
    }
  });
});
