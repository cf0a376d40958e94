import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentHistory, agentStatus, apply } from '../harness/device/agent.ts';
import type { Device } from '../harness/device/device.ts';
import { updatePath } from '../harness/device/stage.ts';
import { awakeDevice, untold, withPatientTrials } from './on-device.ts';

const MARK = 'ota-agent-mark-boot.service';
const BOOTLOADER = 'ota-agent-bootloader.service';
const DISK = '/dev/vda';

/**
 * Once the system is about to look for devices the kernel forgets the ESP, as if it had not found it
 * yet, until the story restores it.
 */
const ESP_IS_LATE = `cat >/etc/systemd/system/story-late-esp.service <<'END'
[Unit]
DefaultDependencies=no
Before=systemd-udev-trigger.service
[Service]
Type=oneshot
ExecStart=/usr/bin/partx --delete --nr 1 ${DISK}
END
mkdir -p /etc/systemd/system/sysinit.target.wants
ln -s ../story-late-esp.service /etc/systemd/system/sysinit.target.wants/`;

const ESP_COMES = `partx --add --nr 1 ${DISK}`;

/** In place of the 15 minutes that the system gives the device: a mark that waited for nothing fails. */
const SHORT_WAIT = '/etc/systemd/system/dev-vda1.device.d';
const WAIT_IS_SHORT = `mkdir -p ${SHORT_WAIT} &&
  printf '[Unit]\\nJobRunningTimeoutSec=20s\\n' >${SHORT_WAIT}/60-story.conf`;

/** An ESP that the system finds minutes after it has started. */
export function lateEsp(firmware: FirmwareKind): void {
  describe.skipIf(untold)(`an ESP that appears late, by ${firmware}`, () => {
    let device: Device;
    beforeAll(async () => {
      device = await withPatientTrials(await awakeDevice(firmware, 'late-esp'));
    });
    afterAll(() => device?.dispose());

    const says = async (command: string) => (await device.root(command)).stdout.trim();
    const property = (name: string) => says(`systemctl show --value --property=${name} ${MARK}`);

    it('makes the confirmation fail and be retried, and ends no trial', async () => {
      for (const command of [ESP_IS_LATE, WAIT_IS_SHORT]) {
        const { exitCode, stderr } = await device.root(command);
        expect(exitCode, stderr).toBe(0);
      }
      const applied = await apply(device, updatePath('v2'));
      expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
      await device.reboot();
      await device.chooses('B trial');
      await device.answers();
      await device.until(`[ "$(systemctl show -P NRestarts ${MARK})" -ge 2 ]`);
      expect(await says('findmnt /boot/efi')).toBe('');
      expect(await agentStatus(device)).toMatchObject({ version: '2.0.0', booted: 'B' });
      expect(await says(`journalctl -b --no-pager -o cat -u ${MARK}`)).toContain(
        'error[esp-not-mounted]: the EFI system partition is not mounted at /boot/efi',
      );
      // In the sandbox of its unit the place of the ESP is a mount, of a piece of the slot.
      expect(await says("dmesg | grep 'vda[23]): re-mounted'")).toBe('');
      expect(await says('ls /run/ota-agent/confirmed 2>&1')).toContain('No such file');
    });

    it('is used as soon as it appears: the update is confirmed', async () => {
      const { exitCode, stderr } = await device.root(ESP_COMES);
      expect(exitCode, stderr).toBe(0);
      await device.until(`systemctl is-active ${MARK}`);
      expect(await says('findmnt -no SOURCE,OPTIONS /boot/efi')).toMatch(/^\/dev\/vda1 +ro/);
      // It needs a confirmed boot: its job ended when the first try failed, and each try queues it again.
      await device.until(`! systemctl list-jobs --no-legend --plain | grep -q ${BOOTLOADER}`);
      expect(await says(`systemctl is-active ${BOOTLOADER}`)).toBe('active');
      expect(await agentStatus(device)).toMatchObject({
        version: '2.0.0',
        booted: 'B',
        confirmed: 'B',
        bootSuccess: true,
        problems: [],
        lastUpdate: { version: '2.0.0', outcome: 'confirmed' },
      });
      const { entries, intact } = await agentHistory(device);
      expect(intact).toBe(true);
      expect(entries.at(-1)).toMatchObject({ event: 'confirmed', slot: 'B' });
    });

    it('delays the first confirmation, if it appears in time', async () => {
      await says(`rm -r ${SHORT_WAIT}`);
      await device.reboot();
      await device.chooses('B confirmed');
      await device.answers();
      // The health checks have passed; the mark alone is left.
      await device.until('systemctl is-active boot-complete.target');
      expect(await says('systemctl list-jobs --no-legend --plain')).toMatch(
        /ota-agent-mark-boot\.service +start +waiting/,
      );
      expect(await property('ActiveState')).toBe('inactive');
      expect(await agentStatus(device)).toMatchObject({ booted: 'B' });
      await says(ESP_COMES);
      await device.until(`systemctl is-active ${MARK}`);
      expect(await property('NRestarts')).toBe('0');
      expect(await agentStatus(device)).toMatchObject({
        booted: 'B',
        confirmed: 'B',
        bootSuccess: true,
        problems: [],
      });
    });
  });
}
