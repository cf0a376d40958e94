import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { sayMounted } from './mounted-root.testdata.ts';
import { espDevice, partitionDevice, slotDevice } from './own-partition.ts';

/** The note of the initramfs, and the kernel's mount table. */
function paths(note: string, root: string | undefined) {
  const directory = temporaryDirectory();
  const made = {
    bootInfo: join(directory, 'boot.json'),
    mounts: join(directory, 'mountinfo'),
    sysDevBlock: join(directory, 'block'),
  };
  writeFileSync(made.bootInfo, note);
  sayMounted(made, root === undefined ? {} : { '/': root });
  return made;
}

describe('slotDevice', () => {
  it('is the partition with the slot’s number on the disk that was booted', () => {
    const made = paths('{"schema":1,"slot":"B","disk":"/dev/vda"}', 'vda3');
    expect(slotDevice(made, 'A')).toBe('/dev/vda2');
    expect(slotDevice(made, 'B')).toBe('/dev/vda3');
    expect(espDevice(made)).toBe('/dev/vda1');
    const nvme = paths('{"schema":1,"slot":"A","disk":"/dev/nvme0n1"}', 'nvme0n1p2');
    expect(slotDevice(nvme, 'B')).toBe('/dev/nvme0n1p3');
  });

  it.each([
    ['another slot is mounted', '{"slot":"A","disk":"/dev/vda"}', 'vda3'],
    ['the root is on another disk', '{"slot":"A","disk":"/dev/vda"}', 'vdb2'],
    ['the root is not a partition', '{"slot":"A","disk":"/dev/vda"}', undefined],
    ['no disk is noted', '{"slot":"A"}', 'vda2'],
    ['the disk is not a device', '{"slot":"A","disk":"/etc/passwd"}', 'vda2'],
    ['the note is damaged', '{', 'vda2'],
  ])('is refused when %s', (_, note, root) => {
    expect(() => slotDevice(paths(note, root), 'B')).toThrow(
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
