import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { partitionDevice, slotDevice } from './slot-device.ts';

function note(text: string): string {
  const path = join(temporaryDirectory(), 'boot.json');
  writeFileSync(path, text);
  return path;
}

describe('slotDevice', () => {
  it('is the partition with the slot’s number on the disk that was booted', () => {
    const path = note('{"schema":1,"slot":"B","disk":"/dev/vda","root":"/dev/vda3"}');
    expect(slotDevice(path, 'A')).toBe('/dev/vda2');
    expect(slotDevice(path, 'B')).toBe('/dev/vda3');
  });

  it.each([
    ['the root is another slot’s', '{"slot":"A","disk":"/dev/vda","root":"/dev/vda3"}'],
    ['the root is on another disk', '{"slot":"A","disk":"/dev/vda","root":"/dev/vdb2"}'],
    ['no disk is named', '{"slot":"A"}'],
    ['the disk is no device', '{"slot":"A","disk":"/etc/passwd"}'],
    ['it is damaged', '{'],
  ])('is refused when %s', (_, text) => {
    expect(() => slotDevice(note(text), 'B')).toThrow(
      expect.objectContaining({ code: 'slot-device-unknown' }),
    );
  });

  it.each([
    ['/dev/sda', '/dev/sda3'],
    ['/dev/nvme0n1', '/dev/nvme0n1p3'],
    ['/dev/mmcblk0', '/dev/mmcblk0p3'],
  ])('%s has %s', (disk, partition) => {
    expect(partitionDevice(disk, 3)).toBe(partition);
  });
});
