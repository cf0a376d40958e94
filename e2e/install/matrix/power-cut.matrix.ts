import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { BareMachine } from '../../harness/installer/bare-machine.ts';
import { slotDigest, smoke } from '../../harness/installer/installed-disk.ts';
import { type Installer, makeInstaller } from '../../harness/installer/make-installer.ts';

const skipped = await whySkipped('power cuts while installing');

/** Bytes that the disk has taken when the power goes: table, slot (twice), data and ESP. */
const CUTS = [1, 40 * MIB, 200 * MIB, 360 * MIB, 380 * MIB];

describe.skipIf(skipped !== undefined)('an installation whose power is cut', () => {
  let scratch: string;
  let installer: Installer;
  beforeAll(async () => {
    scratch = await makeScratch('install-cuts');
    installer = await makeInstaller(join(scratch, 'installer'));
  });
  afterAll(() => removeScratch(scratch));

  it.each(['bios', 'uefi'] as const)(
    'begins anew each time, by %s, until it is whole',
    async (firmware) => {
      const machine = await BareMachine.of({
        ...{ name: `cuts-${firmware}`, firmware, drive: 'cdrom' },
        ...{ iso: installer.iso, scratch },
      });
      try {
        for (const cut of CUTS) {
          await machine.powerOn();
          await expect
            .poll(() => machine.written(), { interval: 20, timeout: 900_000 })
            .toBeGreaterThanOrEqual(cut);
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
