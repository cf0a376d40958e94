import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { describe, expect, it } from 'vitest';
import { agentStatus, apply } from '../harness/device/agent.ts';
import { updatePath } from '../harness/device/stage.ts';
import { onDevice, untold } from './on-device.ts';

/** The confirmed slot is damaged long after its update. */
export function slotDies(firmware: FirmwareKind): void {
  describe.skipIf(untold)(`the confirmed slot loses its kernel, by ${firmware}`, () => {
    it('GRUB starts the other one, which can install an update', () =>
      onDevice(
        firmware,
        'slot-dies',
        async (device) => {
          await device.reboot();
          await device.chooses('B trial');
          await device.comesUp();
          expect(await agentStatus(device)).toMatchObject({ confirmed: 'B' });
          await device.powerOff();
          await device.editSlot('B', ['rm /boot/vmlinuz']);

          await device.powerOn();
          await device.chooses('B confirmed', 'A confirmed');
          await device.comesUp();
          expect(await agentStatus(device)).toMatchObject({
            version: '1.0.0',
            booted: 'A',
            skipped: 'B',
            bootSuccess: true,
          });
          const further = await apply(device, updatePath('v3'));
          expect(further, further.stderr).toMatchObject({ exitCode: 4 });
          expect(await agentStatus(device)).toMatchObject({ trial: 'B' });
        },
        'armed',
      ));
  });
}
