import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agent, agentHistory, agentStatus, apply } from '../harness/device/agent.ts';
import type { Device } from '../harness/device/device.ts';
import { updatePath } from '../harness/device/stage.ts';
import { awakeDevice, untold, withPatientTrials } from './on-device.ts';

/** Takes what is left, and then what that leaves: writing some GiB would take minutes. */
const fill = (file: string) =>
  `fallocate -l "$(df --output=avail -B1 /data | tail -n 1)" ${file}; head -c 4G /dev/zero >>${file}`;

/** The first try to confirm a boot fails, as with an ESP that responds late. */
const FIRST_MARK_FAILS = `mkdir -p /etc/systemd/system/ota-agent-mark-boot.service.d
cat >/etc/systemd/system/ota-agent-mark-boot.service.d/story.conf <<'END'
[Service]
ExecStartPre=+/bin/sh -c 'test -e /run/story-tried || { touch /run/story-tried; exit 1; }'
END`;

/** Updates on a data partition that users and services have filled, and on one that is read-only. */
export function fullData(firmware: FirmwareKind): void {
  describe.skipIf(untold)(`a full data partition, by ${firmware}`, () => {
    let device: Device;
    beforeAll(async () => {
      device = await withPatientTrials(await awakeDevice(firmware, 'full-data'));
    });
    afterAll(() => device?.dispose());

    it('reserves space for root and for the agent, and is never written after damage', async () => {
      const { stdout } = await device.root(
        'dumpe2fs -h "$(findmnt -no SOURCE /data)" 2>/dev/null; du -sk /var/lib/ota-agent/reserve',
      );
      expect(stdout).toMatch(/^Reserved block count: +[1-9]/m);
      expect(stdout).toMatch(/^4\d\d\d\s/m);
      expect(stdout).toMatch(/^Errors behavior: +Remount read-only$/m);
    });

    it('is filled by an ordinary user once an update is armed', async () => {
      const applied = await apply(device, updatePath('v2'));
      expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
      await device.root(FIRST_MARK_FAILS);
      const { stdout, stderr } = await device.shell(`${fill('~/filler')}; df --output=avail /data`);
      expect(stderr).toContain('No space left on device');
      expect(stdout).toMatch(/\n\s*0\n$/);
    });

    it('does not roll back a good update, even if the first try to confirm it fails', async () => {
      await device.reboot();
      await device.chooses('B trial');
      await device.comesUp();
      expect((await device.shell('ls /run/story-tried')).exitCode).toBe(0);
      await confirmed(device);
      const status = await agentStatus(device);
      expect(status).toMatchObject({
        version: '2.0.0',
        booted: 'B',
        confirmed: 'B',
        bootSuccess: true,
        lastUpdate: { version: '2.0.0', outcome: 'confirmed' },
      });
      expect(status.dataProblems.join()).toContain('the data partition is full');
      const { stdout } = await device.root(
        'cat /var/lib/ota-agent/rollback-index; getent passwd tcpdump',
      );
      expect(stdout).toMatch(/^1\ntcpdump:/);
    });

    it('lets the old system be tried and confirmed after root has filled the rest', async () => {
      const { stderr } = await device.root(fill('/root/filler'));
      expect(stderr).toContain('No space left on device');
      const back = await agent(device, 'rollback --no-reboot');
      expect(back.exitCode, back.stderr).toBe(4);
      await device.reboot();
      await device.chooses('A trial');
      await device.comesUp();
      await confirmed(device);
      expect(await agentStatus(device)).toMatchObject({
        version: '1.0.0',
        booted: 'A',
        confirmed: 'A',
        bootSuccess: true,
      });
      const { entries, intact } = await agentHistory(device);
      expect(intact).toBe(true);
      expect(entries.at(-1)).toMatchObject({ event: 'confirmed', slot: 'A' });
    });

    it('boots, is confirmed and reports the problem when it is read-only', async () => {
      // The kernel refuses to mount such a file system for writing.
      const { exitCode, stderr } = await device.root(
        'rm -f /root/filler /home/micro/filler; sync; tune2fs -O read-only "$(findmnt -no SOURCE /data)"',
      );
      expect(exitCode, stderr).toBe(0);
      await device.reboot();
      await device.sees(/micro-linux: DATA PARTITION: it is read-only/);
      await device.comesUp();
      await confirmed(device);
      const status = await agentStatus(device);
      expect(status).toMatchObject({ booted: 'A', confirmed: 'A', bootSuccess: true });
      expect(status.dataProblems.join('\n')).toMatch(/nothing is kept\n.*etc is read-only/s);
    });
  });
}

/** Waits until the mark unit has finished; a boot that hangs ends the story. */
async function confirmed(device: Device): Promise<void> {
  await device.until('systemctl is-active ota-agent-mark-boot.service');
}
