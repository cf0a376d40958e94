import { describe, expect, it } from 'vitest';
import { describeUse, deviceUsers, holdsRoot } from './device-users.ts';

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

  it('is found by its number, under whatever name it was mounted', () => {
    const mounts = mount('254:3', '/mnt/old\\040slot', '/dev/disk/by-label/x');
    expect(deviceUsers(DEVICE, { ...NOBODY, mounts })).toEqual([
      { kind: 'mount', at: '/mnt/old slot' },
    ]);
  });

  it('lists all its users', () => {
    expect(
      deviceUsers(DEVICE, {
        mounts: mount('254:3', '/a', 'x') + mount('254:3', '/b', 'x'),
        swaps: `${HEADER}/dev/vda3 partition 1 0 -2\n`,
        holders: ['dm-0'],
      }),
    ).toEqual([
      { kind: 'mount', at: '/a' },
      { kind: 'mount', at: '/b' },
      { kind: 'swap' },
      { kind: 'holder', name: 'dm-0' },
    ]);
  });

  it('is found by its path if it is a plain file', () => {
    const mounts = mount('7:0', '/mnt', '/images/slot');
    const file = { path: '/images/slot', number: undefined };
    expect(deviceUsers(file, { ...NOBODY, mounts })).toEqual([{ kind: 'mount', at: '/mnt' }]);
  });

  it('contains the root only if it is mounted at exactly /', () => {
    const usedAt = (...points: string[]) =>
      deviceUsers(DEVICE, {
        ...NOBODY,
        mounts: points.map((at) => mount('254:3', at, 'x')).join(''),
      });

    expect(holdsRoot(usedAt('/mnt', '/'))).toBe(true);
    expect(holdsRoot(usedAt('/mnt', '//', '/\\012/'))).toBe(false);
    expect(holdsRoot([{ kind: 'holder', name: '/' }, { kind: 'swap' }])).toBe(false);
  });

  it('has its uses described in words', () => {
    const users = [
      { kind: 'mount', at: '/' },
      { kind: 'swap' },
      { kind: 'holder', name: 'md0' },
    ] as const;

    expect(users.map(describeUse)).toEqual([
      'it is mounted at /',
      'it is used as swap',
      'the device md0 is on it',
    ]);
  });
});
