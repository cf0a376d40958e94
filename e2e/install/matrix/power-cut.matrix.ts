import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { slotDigest, smoke } from '../../harness/installer/installed-disk.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';

const skipped = await whySkipped('power cuts while installing');

/** The console text at which power is cut, while the first byte, the table, … is being written. */
const CUTS = [
  ['the first byte', /^done +check signature/],
  ['the table', /^done +make \S+ unbootable/],
  ['slot A', /\(slot A\) and read them back: 60 %/],
  ['data', /^done +empty \S+ \(slot B\)/],
  ['the ESP', /\(ESP\) and read them back: 40 %/],
] as const;

describe.skipIf(skipped !== undefined)('an installation whose power is cut', () => {
  const shared = shareInstaller('install-cuts');

  it.each(['bios', 'uefi'] as const)(
    'starts over each time, by %s, until it is complete',
    async (firmware) => {
      const { installer, scratch } = shared;
      const machine = await BareMachine.of({
        ...{ name: `cuts-${firmware}`, firmware, drive: 'cdrom' },
        ...{ iso: installer.iso, scratch },
      });
      try {
        for (const [, said] of CUTS) {
          await machine.powerOn();
          await machine.sees(said);
          await machine.wrote();
          await machine.cutPower();
        }
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
