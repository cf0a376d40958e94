import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../cli/requirements.ts';
import { BareMachine, type BareMachineOptions, type BlankDisk } from './bare-machine.ts';
import { slotDigest, smoke } from './installed-disk.ts';
import { shareInstaller } from './share-installer.ts';

/** A way to install. */
export interface InstallWay {
  readonly firmware: FirmwareKind;
  readonly drive: BareMachineOptions['drive'];
  readonly disks?: readonly BlankDisk[];
}

/**
 * Tells how an ISO is booted on a bare machine, nobody touches anything, and what is installed then
 * runs without it.
 */
export async function tellInstall(title: string, ways: readonly InstallWay[]): Promise<void> {
  const skipped = await whySkipped(title);

  describe.skipIf(skipped !== undefined)(title, () => {
    const shared = shareInstaller('install');

    it.each(ways.map((way) => ({ ...way, bus: way.disks?.[0]?.bus ?? 'virtio' })))(
      'installs from $drive by $firmware onto a $bus disk, which then boots without the medium',
      async (way) => {
        const { installer, scratch } = shared;
        const { firmware, drive, bus } = way;
        const machine = await BareMachine.of({
          ...way,
          // A BIOS treats a stick as a hard disk, and tries only the first hard disk.
          mediumFirst: firmware === 'bios' && drive === 'usb',
          name: `${firmware}-${drive}-${bus}`,
          iso: installer.iso,
          scratch,
        });
        try {
          await machine.install();
          const [disk = ''] = machine.disks;
          expect(await slotDigest(disk, installer, scratch)).toBe(installer.record.slot.sha256);
          expect(await smoke(disk, installer, firmware)).not.toMatch(/FAIL/);
        } finally {
          await machine.dispose();
        }
      },
    );
  });
}
