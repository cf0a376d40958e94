import { BOOT_PROGRAM_FOLDER, DevicePath, SlotPath } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agent } from '../../harness/device/agent.ts';
import type { Device } from '../../harness/device/device.ts';
import { awakeDevice, untold } from '../on-device.ts';

const onEsp = (name: string) => `${DevicePath.esp}${BOOT_PROGRAM_FOLDER}/${name}`;

/**
 * Another GRUB of the same program: the date in its PE header differs, which only Secure Boot would
 * notice. The header's place is at 0x3c, the date 8 bytes into it.
 */
const OTHER_GRUB = `mkdir -p /run/bootloader && cp ${SlotPath.bootloader}/* /run/bootloader/ &&
  cd /run/bootloader && at=$(($(od -An -tu4 -j60 -N4 grubx64.efi) + 8)) &&
  printf 'date' | dd of=grubx64.efi bs=1 seek=$at conv=notrunc status=none &&
  mount --bind /run/bootloader ${SlotPath.bootloader}`;

describe.skipIf(untold)('shim and GRUB on the ESP, by uefi', () => {
  let device: Device;
  beforeAll(async () => {
    device = await awakeDevice('uefi', 'bootloader');
  });
  afterAll(() => device?.dispose());

  const sum = async (path: string) =>
    (await device.root(`sha256sum <${path}`)).stdout.split(' ')[0] ?? '';

  it('are compared after the boot that confirmed the system', async () => {
    const { stdout } = await device.root(
      'systemctl show --property=Result,ExecMainStatus,ActiveState ota-agent-bootloader.service',
    );
    expect(stdout.trim().split('\n').sort()).toEqual([
      'ActiveState=active',
      'ExecMainStatus=0',
      'Result=success',
    ]);
  });

  it('are replaced when the image has others, and the machine boots with them', async () => {
    const old = await sum(onEsp('grubx64.efi'));
    expect((await device.root(OTHER_GRUB)).exitCode).toBe(0);
    const next = await sum(`${SlotPath.bootloader}/grubx64.efi`);
    expect(next).not.toBe(old);
    const restarted = await device.root('systemctl restart ota-agent-bootloader.service');
    expect(restarted, restarted.stderr).toMatchObject({ exitCode: 0 });
    await device.cutPower();

    await device.powerOn();
    await device.chooses('A confirmed');
    await device.comesUp();
    // The unit has put the image's own GRUB back by now, so the one that booted is the spare file.
    expect(await sum(onEsp('GRUBX64.ALT'))).toBe(next);
    expect(await sum(onEsp('grubx64.efi'))).toBe(old);
    expect((await agent(device, 'bootloader --dry-run')).stdout).toBe(
      'shim and GRUB are already those of this image\n',
    );
    const { stdout } = await device.root('journalctl -b -t ota-agent --no-pager -o cat');
    expect(stdout).toContain('replaced on the EFI system partition: grubx64.efi');
  });
});
