import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { isBlank } from '../../harness/installer/installed-disk.ts';
import { type Installer, makeInstaller } from '../../harness/installer/make-installer.ts';

const skipped = await whySkipped('the rescue system of an ISO');

/** Keys of the boot menu. */
const DOWN = '\u001b[B';

/** What is looked at, each as one line. */
const LOOK = [
  'echo root $(findmnt -no FSTYPE,OPTIONS /)',
  'echo data $(findmnt -no FSTYPE /data)',
  'echo medium $(findmnt -no FSTYPE /cdrom)',
  'echo failed $(systemctl --failed --no-legend | wc -l)',
  'echo units $(systemctl is-active ssh.service ota-agent-mark-boot.service multi-user.target)',
  'echo ports $(ss -Htln | wc -l)',
  'echo the-"end"',
].join('; ');

describe.skipIf(skipped !== undefined)('the rescue system of an ISO', () => {
  let scratch: string;
  let installer: Installer;
  beforeAll(async () => {
    scratch = await makeScratch('rescue');
    installer = await makeInstaller(join(scratch, 'installer'));
  });
  afterAll(() => removeScratch(scratch));

  it('gives a root shell on the read-only slot, and nothing of an installed system runs', async () => {
    const machine = await BareMachine.of({
      ...{ name: 'rescue', firmware: 'uefi', drive: 'cdrom' },
      ...{ iso: installer.iso, scratch },
    });
    try {
      await machine.powerOn();
      await machine.sees(/executed automatically in/);
      machine.machine.send(DOWN);
      await machine.sees(/\*Rescue shell/);
      machine.machine.send('\r');
      await machine.sees(/rescue shell\. The medium is at/);
      await machine.sees(/root@\S*#/);
      machine.machine.send(`${LOOK}\n`);
      await machine.sees(/^the-end/);
      const said = machine.machine.console.text;
      expect(said).toMatch(/^root ext4 ro,/m);
      expect(said).toMatch(/^data tmpfs/m);
      expect(said).toMatch(/^medium iso9660/m);
      expect(said).toMatch(/^failed 0/m);
      expect(said).toMatch(/^units inactive inactive inactive/m);
      expect(said).toMatch(/^ports 0/m);
      machine.machine.send('systemctl poweroff\n');
      await machine.machine.exited;
      const [disk = ''] = machine.disks;
      expect(await isBlank(disk)).toBe(true);
    } finally {
      await machine.dispose();
    }
  });
});
