import { SECTOR_BYTES } from '@micro-linux/core';
import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentStatus, apply } from '../harness/device/agent.ts';
import type { Device } from '../harness/device/device.ts';
import type { DiskFault } from '../harness/device/failing-disk.ts';
import { updatePath } from '../harness/device/stage.ts';
import { awakeDevice, untold, withPatientTrials } from './on-device.ts';

/** Of the data partition's ext4. */
const BLOCK_BYTES = 4096;
/** The inode of its journal, as debugfs(8) names it. */
const JOURNAL = '<8>';
/** Blocks of the journal: one that is written early in the initramfs, and one in the middle of a boot. */
const EARLY = 2;
const MIDDLE = 40;

const STATE = '/var/lib/ota-agent';

/** Updates and boots on a data partition that answers with input/output errors. */
export function dataErrors(firmware: FirmwareKind): void {
  describe.skipIf(untold)(`a data partition that gives errors, by ${firmware}`, () => {
    let device: Device;
    beforeAll(async () => {
      device = await withPatientTrials(await awakeDevice(firmware, 'data-errors'));
    });
    afterAll(() => device?.dispose());

    const says = async (command: string) => (await device.root(command)).stdout.trim();

    /** Where on the disk a block of a file of the data partition begins. */
    const faultAt = async (on: DiskFault['on'], file: string, block = 0): Promise<DiskFault> => {
      const words = await says(`sync; disk=$(readlink -f "$(findmnt -no SOURCE /data)")
        cat "/sys/class/block/\${disk##*/}/start"
        debugfs -R 'bmap ${file} ${block}' "$disk" 2>/dev/null`);
      const [start = 0, physical = 0] = words.split('\n').map(Number);
      expect(physical, words).toBeGreaterThan(0);
      return { sector: start + physical * (BLOCK_BYTES / SECTOR_BYTES), on };
    };

    /** Switches it off; when it is on again, the disk has these faults. */
    const continuesWith = async (faults: readonly DiskFault[]) => {
      await device.powerOff();
      await device.failsAt(faults);
      await device.powerOn();
    };

    const isConfirmed = async (version: string, slot: 'A' | 'B') => {
      await device.comesUp();
      await device.until('systemctl is-active ota-agent-mark-boot.service');
      const status = await agentStatus(device);
      expect(status).toMatchObject({
        version,
        ...{ booted: slot, confirmed: slot, bootSuccess: true },
      });
      return status;
    };

    const diskErrors = () =>
      says("dmesg | grep -E 'I/O error|Aborting journal|Remounting filesystem read-only'");

    it('confirms a good update when writes fail in the middle of its boot', async () => {
      const applied = await apply(device, updatePath('v2'));
      expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
      await continuesWith([await faultAt('write', JOURNAL, MIDDLE)]);
      await device.chooses('B trial');
      const { dataProblems } = await isConfirmed('2.0.0', 'B');
      expect(await diskErrors()).toMatch(/read-only/);
      expect(dataProblems.join('\n')).toContain('read-only');
    });

    it('stays confirmed when writes fail from the start', async () => {
      await continuesWith([await faultAt('write', JOURNAL, EARLY)]);
      await device.chooses('B confirmed');
      const { dataProblems } = await isConfirmed('2.0.0', 'B');
      expect(await diskErrors()).toMatch(/I\/O error/);
      expect(dataProblems.join('\n')).toContain('read-only');
    });

    it('stays confirmed when the files of the agent cannot be read, and writes them again', async () => {
      const files = ['rollback-index', 'health.json', 'history.jsonl', 'slots/B.head'];
      const faults: DiskFault[] = [];
      for (const file of files) {
        faults.push(await faultAt('read', `${STATE}/${file}`));
      }
      await continuesWith(faults);
      await device.chooses('B confirmed');
      await isConfirmed('2.0.0', 'B');
      expect(await diskErrors()).toMatch(/I\/O error/);
      expect(await says(`cat ${STATE}/rollback-index`)).toBe('1');
    });

    it('rolls back an update that is not healthy, though nothing can be written to the data partition', async () => {
      const applied = await apply(device, updatePath('health-fails'));
      expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
      await continuesWith([await faultAt('write', JOURNAL, MIDDLE)]);
      await device.chooses('A trial', 'B confirmed');
      await isConfirmed('2.0.0', 'B');
    });

    it('reports the rollback once the disk can be written again', async () => {
      await continuesWith([]);
      await device.chooses('B confirmed');
      const status = await isConfirmed('2.0.0', 'B');
      expect(status).toMatchObject({
        dataProblems: [],
        lastUpdate: { version: '2.1.0', outcome: 'rolled-back' },
      });
      expect(status.rejected?.map(({ version }) => version)).toEqual(['2.1.0']);
    });
  });
}
