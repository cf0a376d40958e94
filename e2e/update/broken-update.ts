import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { describe, expect, it } from 'vitest';
import { agentError, agentStatus, apply } from '../harness/device/agent.ts';
import { updatePath } from '../harness/device/stage.ts';
import { BROKEN, type Broken, type BrokenName } from './broken.ts';
import { onDevice, untold } from './on-device.ts';

/** Broken updates, each on its own device, which rolls back without help and reports why. */
export function brokenUpdates(firmware: FirmwareKind, names: readonly BrokenName[]): void {
  describe.skipIf(untold)(`a broken update is rolled back, by ${firmware}`, () => {
    for (const name of names) {
      const broken: Broken = BROKEN[name];
      it(broken.title, () =>
        onDevice(firmware, name, async (device) => {
          const applied = await apply(device, updatePath(name));
          expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
          await device.reboot();
          await device.chooses(...broken.choices);
          await device.comesUp();
          const status = await agentStatus(device);
          expect(status).toMatchObject({
            version: '1.0.0',
            booted: 'A',
            confirmed: 'A',
            bootSuccess: true,
            trial: null,
            problems: [],
            lastUpdate: { version: '2.1.0', outcome: 'rolled-back' },
          });
          expect(status.lastUpdate?.reason).toMatch(broken.reason);
          expect(status.slots.map(({ ok }) => ok)).toEqual([true, false]);
          expect(status.rejected?.map(({ version }) => version)).toEqual(['2.1.0']);
          expect(await agentError(device, `apply --no-reboot ${updatePath(name)}`)).toBe(
            'failed-before 5',
          );
        }),
      );
    }
  });
}
