import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { describe, expect, it } from 'vitest';
import { agent, agentHistory, agentStatus, apply } from '../harness/device/agent.ts';
import type { Device } from '../harness/device/device.ts';
import { updatePath } from '../harness/device/stage.ts';
import { onDevice, untold } from './on-device.ts';
import { LATER_VERSIONS, updateOf } from './updates.ts';

/** Files that may change on the data partition between two updates: logs, and the history. */
const SLACK_KIB = 4096;

/** From slot to slot, at most five times: nothing is left behind. */
export function manyUpdates(firmware: FirmwareKind, count: number): void {
  describe.skipIf(untold)(`${count} updates in a row, by ${firmware}`, () => {
    it('alternate between the slots, and leave nothing behind', () =>
      onDevice(firmware, 'many-updates', async (device) => {
        const used: number[] = [];
        const slots: string[] = [];
        for (const version of ['2.0.0', ...LATER_VERSIONS].slice(0, count)) {
          const applied = await apply(device, updatePath(updateOf(version)));
          expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
          await device.reboot();
          const target = slots.length % 2 === 0 ? 'B' : 'A';
          await device.chooses(`${target} trial`);
          await device.comesUp();
          const status = await agentStatus(device);
          expect(status).toMatchObject({ version, bootSuccess: true, problems: [] });
          expect(status.slots.map(({ ok }) => ok)).toEqual([true, true]);
          slots.push(status.booted);
          used.push(await usedKib(device));
        }
        expect(slots).toEqual(['B', 'A', 'B', 'A', 'B'].slice(0, count));
        expect((used.at(-1) ?? 0) - (used[0] ?? 0), used.join(', ')).toBeLessThan(SLACK_KIB);
        const { entries, intact } = await agentHistory(device);
        expect(intact).toBe(true);
        expect(entries.filter(({ event }) => event === 'confirmed')).toHaveLength(
          entries.filter(({ event }) => event === 'installed').length + 1,
        );
        expect(await stateFiles(device)).toEqual(
          expect.not.arrayContaining([expect.stringMatching(/apply|trial|\.new$/)]),
        );
        expect((await agent(device, 'verify')).exitCode).toBe(0);
      }));
  });
}

/** The contents of the data partition without the journal, which has its own limit. */
async function usedKib(device: Device): Promise<number> {
  const { stdout } = await device.root(
    'sync; df -k --output=used /data | tail -1; du -sk /var/log/journal | cut -f1',
  );
  const [all = 0, journal = 0] = stdout.trim().split('\n').map(Number);
  return all - journal;
}

async function stateFiles(device: Device): Promise<string[]> {
  return (await device.root('find /var/lib/ota-agent -type f -printf "%P\\n"')).stdout
    .trim()
    .split('\n');
}
