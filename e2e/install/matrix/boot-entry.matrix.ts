import { join } from 'node:path';
import { readCredentials } from 'micro-linux/vm/credentials';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { onInstalled } from '../../harness/installer/installed-device.ts';
import { type SharedInstaller, shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('an entry in the boot order of UEFI');

/** A key of the boot menu. */
const UP = '\u001b[A';

describe.skipIf(skipped !== undefined)('an installation by UEFI', () => {
  const shared = shareInstaller('boot-entry');

  it('leaves one boot entry, first in the order, even when repeated', async () => {
    const { installer, scratch } = shared;
    const machine = await BareMachine.of({
      ...{ name: 'boot-entry', firmware: 'uefi', drive: 'cdrom' },
      ...{ iso: installer.iso, scratch },
    });
    try {
      await machine.install();
      machine.insert(installer.iso);
      await machine.powerOn();
      // By default the medium starts its last entry, the installed system; the first one installs.
      await machine.sees(/executed automatically in/);
      machine.machine.send(UP);
      await machine.sees(/\*Rescue shell/);
      machine.machine.send(UP);
      await machine.sees(/\*Install/);
      machine.machine.send('\r');
      await machine.sees(/micro-linux: installing/);
      await machine.machine.exited;
      const said = await entriesOf(machine, shared);
      const ours = [
        ...said.matchAll(/^Boot([0-9A-F]{4})\* .*\(bookworm\)\s+HD\(1,GPT,.*BOOTX64/gm),
      ];
      expect(ours, said).toHaveLength(1);
      expect(said).toMatch(new RegExp(`^BootOrder: ${ours[0]?.[1]}`, 'm'));
    } finally {
      await machine.dispose();
    }
  });

  it('boots in a machine whose firmware has no entry', async () => {
    const { installer, scratch } = shared;
    const machine = await BareMachine.of({
      ...{ name: 'boot-entry-lost', firmware: 'uefi', drive: 'cdrom' },
      ...{ iso: installer.iso, scratch },
    });
    try {
      await machine.install();
      const [disk = ''] = machine.disks;
      const options = { name: 'entry-lost', firmware: 'uefi', disk, ...shared } as const;
      await onInstalled(options, async (device) => {
        expect((await device.root('efibootmgr')).stdout).not.toMatch(/\(bookworm\)/);
      });
    } finally {
      await machine.dispose();
    }
  });
});

/** Starts the installed system in the same machine, and asks for the firmware's entries. */
async function entriesOf(machine: BareMachine, { installer }: SharedInstaller): Promise<string> {
  machine.eject();
  await machine.powerOn();
  await machine.sees(/login:/);
  const { user, password } = await readCredentials(join(installer.artifacts, 'credentials.txt'));
  machine.machine.send(`${user}\n`);
  await machine.sees(/Password:/);
  machine.machine.send(`${password}\n`);
  await machine.sees(/\$ $/);
  machine.machine.send('efibootmgr -v; echo the-"end"\n');
  await machine.sees(/^the-end/);
  return machine.machine.console.text;
}
