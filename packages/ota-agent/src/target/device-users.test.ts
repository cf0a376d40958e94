import { describe, expect, it } from 'vitest';
import { deviceUsers } from './device-users.ts';

const DEVICE = { path: '/dev/vda3', number: '254:3' };
const NOBODY = { mounts: '', swaps: '', holders: [] };
const HEADER = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
const mount = (number: string, point: string, source: string) =>
  `36 35 ${number} / ${point} ro,noatime shared:1 - ext4 ${source} ro\n`;

describe('a device', () => {
  it('that nobody uses is free', () => {
    const mounts = mount('254:2', '/', '/dev/root') + mount('254:30', '/x', '/dev/vda30');
    expect(deviceUsers(DEVICE, { ...NOBODY, mounts, swaps: HEADER })).toEqual([]);
  });

  it('is found by its number, whatever name it was mounted by', () => {
    const mounts = mount('254:3', '/mnt/old\\040slot', '/dev/disk/by-label/x');
    expect(deviceUsers(DEVICE, { ...NOBODY, mounts })).toEqual(['it is mounted at /mnt/old slot']);
  });

  it('is named with all its users', () => {
    expect(
      deviceUsers(DEVICE, {
        mounts: mount('254:3', '/a', 'x') + mount('254:3', '/b', 'x'),
        swaps: `${HEADER}/dev/vda3 partition 1 0 -2\n`,
        holders: ['dm-0'],
      }),
    ).toEqual([
      'it is mounted at /a',
      'it is mounted at /b',
      'it is used as swap',
      'the device dm-0 lies on it',
    ]);
  });

  it('that is a plain file is found by its path', () => {
    const mounts = mount('7:0', '/mnt', '/images/slot');
    const file = { path: '/images/slot', number: undefined };
    expect(deviceUsers(file, { ...NOBODY, mounts })).toEqual(['it is mounted at /mnt']);
  });
});
