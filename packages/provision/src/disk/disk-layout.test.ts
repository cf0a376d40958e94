import { GIB, MIB, MicroLinuxError } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { diskLayout, placed } from './disk-layout.ts';
import { neededDiskBytes } from './disk-sizes.ts';
import { sfdiskScript } from './sfdisk-script.ts';

const SIZES = { sizeBytes: 8 * GIB, slotBytes: 2 * GIB, espBytes: 256 * MIB };

describe('diskLayout', () => {
  it('places BIOS boot at sector 2048 and the ESP at 3 MiB', () => {
    const layout = diskLayout(SIZES);
    expect(placed(layout, 'bios')).toMatchObject({ number: 14, start: 2048, sectors: 2048 });
    expect(placed(layout, 'ESP')).toMatchObject({ number: 1, start: 6144, sectors: 524288 });
  });

  it('makes both slots equal, without overlaps, and keeps the backup table free', () => {
    const layout = diskLayout(SIZES);
    expect(placed(layout, 'rootA').sectors).toBe(placed(layout, 'rootB').sectors);
    const sorted = [...layout].sort((a, b) => a.start - b.start);
    for (const [index, partition] of sorted.entries()) {
      const next = sorted[index + 1]?.start ?? SIZES.sizeBytes / 512 - 33;
      expect(partition.start + partition.sectors).toBeLessThanOrEqual(next);
      expect(partition.start % 2048).toBe(0);
    }
  });

  it('refuses a disk that is too small, and says the required size', () => {
    const small = () => diskLayout({ ...SIZES, sizeBytes: 4 * GIB });
    expect(small).toThrow(MicroLinuxError);
    expect(small).toThrow(/cannot hold two slots of 2048 MiB/);
    try {
      small();
    } catch (error) {
      const { code, hint } = error as MicroLinuxError;
      expect(code).toBe('disk-too-small');
      expect(hint).toContain('4612M');
    }
  });
});

it('fits any disk that the config accepts, to the MiB', () => {
  const sizeBytes = neededDiskBytes(SIZES);
  expect(placed(diskLayout({ ...SIZES, sizeBytes }), 'data').sectors).toBe((256 * MIB) / 512);
  expect(() => diskLayout({ ...SIZES, sizeBytes: sizeBytes - MIB })).toThrow(/cannot hold/);
});

describe('sfdiskScript', () => {
  it('is the same for the same build, and names every partition in lower-case GUIDs', () => {
    const layout = diskLayout(SIZES);
    expect(sfdiskScript(layout, 'build')).toMatchSnapshot();
    expect(sfdiskScript(layout, 'other')).not.toBe(sfdiskScript(layout, 'build'));
  });
});
