import { GIB, MicroLinuxError } from '@micro-linux/core';
import type { DiskMatch } from '@micro-linux/provision';
import { describe, expect, test } from 'vitest';
import { chooseDisk, diskOf } from './choose-disk.ts';
import type { Disk } from './disk.ts';

const LARGEST: DiskMatch = {
  size: 'largest',
  serial: undefined,
  model: undefined,
  path: undefined,
  ssd: undefined,
};

function disk(name: string, gib: number, more: Partial<Disk> = {}): Disk {
  return {
    path: `/dev/${name}`,
    sizeBytes: gib * GIB,
    logicalBlockBytes: 512,
    readOnly: false,
    removable: false,
    rotational: false,
    serials: [`S-${name}`],
    model: 'QEMU HARDDISK',
    links: [`/dev/disk/by-id/${name}`],
    mountPoints: [],
    partitions: [],
    ...more,
  };
}

function refusal(choose: () => unknown): { code: string; why: string | undefined } {
  try {
    choose();
  } catch (error) {
    if (error instanceof MicroLinuxError) {
      return { code: error.code, why: error.why };
    }
    throw error;
  }
  throw new Error('a disk was chosen');
}

describe('by rules', () => {
  const small = disk('vda', 8);
  const large = disk('vdb', 16);

  test.each<[string, Partial<DiskMatch>, string]>([
    ['the largest', {}, '/dev/vdb'],
    ['the smallest', { size: 'smallest' }, '/dev/vda'],
    ['serial', { serial: 'S-vda' }, '/dev/vda'],
    ['serial, by pattern', { serial: '*vda' }, '/dev/vda'],
    ['path', { path: '/dev/vda' }, '/dev/vda'],
    ['path, by another name', { path: '/dev/disk/by-id/vda' }, '/dev/vda'],
    ['model', { model: 'QEMU*' }, '/dev/vdb'],
  ])('%s', (_title, match, path) => {
    expect(chooseDisk({ ...LARGEST, ...match }, [small, large], undefined).path).toBe(path);
  });

  test('an SSD, or a hard disk', () => {
    const hard = disk('sda', 64, { rotational: true });
    expect(chooseDisk({ ...LARGEST, ssd: true }, [hard, small], undefined)).toBe(small);
    expect(chooseDisk({ ...LARGEST, ssd: false }, [hard, small], undefined)).toBe(hard);
  });

  test.each<[string, Partial<Disk>, RegExp]>([
    ['read-only', { readOnly: true }, /read-only/],
    ['mounted', { mountPoints: ['/srv'] }, /mounted at \/srv/],
    ['swap', { mountPoints: ['[SWAP]'] }, /swap/],
    [
      'part of a RAID with another disk',
      { takeDown: { refusal: '/dev/md0 (RAID) is open on it, and also uses /dev/sdb1' } },
      /also uses \/dev\/sdb1/,
    ],
    ['removable and not named', { removable: true }, /removable/],
  ])('never chooses one that is %s', (_title, more, why) => {
    const bad = disk('sda', 64, more);
    expect(chooseDisk(LARGEST, [bad, small], undefined)).toBe(small);
    const { code, why: reason } = refusal(() => chooseDisk(LARGEST, [bad], undefined));
    expect(code).toBe('install-no-disk');
    expect(reason).toMatch(why);
  });

  test('never chooses the disk that the installer runs from', () => {
    expect(chooseDisk(LARGEST, [small, large], '/dev/vdb')).toBe(small);
    expect(refusal(() => chooseDisk(LARGEST, [large], '/dev/vdb')).why).toMatch(/runs from it/);
  });

  test('chooses a removable disk if it is named', () => {
    const stick = disk('sda', 64, { removable: true });
    expect(chooseDisk({ ...LARGEST, serial: 'S-sda' }, [stick, small], undefined)).toBe(stick);
  });

  test('chooses none of two equal disks', () => {
    const twin = disk('vdc', 16);
    const { code, why } = refusal(() => chooseDisk(LARGEST, [small, large, twin], undefined));
    expect(code).toBe('install-disk-ambiguous');
    expect(why).toContain('/dev/vdb');
    expect(why).toContain('/dev/vdc');
    expect(why).not.toContain('/dev/vda');
    expect(chooseDisk({ ...LARGEST, size: 'smallest' }, [small, large, twin], undefined)).toBe(
      small,
    );
  });

  test('reports a machine without disks', () => {
    expect(refusal(() => chooseDisk(LARGEST, [], undefined)).why).toMatch(/driver/);
  });

  test('names the rule that no disk matches', () => {
    const { why } = refusal(() => chooseDisk({ ...LARGEST, model: 'X' }, [small], undefined));
    expect(why).toMatch(/its model does not fit X/);
  });
});

test('chooses a disk with LVM that lies only on it: the installation takes it down', () => {
  const takeDown = { steps: [{ kind: 'wipe', device: '/dev/sda3' }] } as const;
  const old = disk('sda', 64, { takeDown });
  expect(chooseDisk(LARGEST, [old], undefined)).toBe(old);
  expect(diskOf([old], '/dev/sda', undefined)).toBe(old);
});

describe('by name', () => {
  const only = disk('vda', 8);

  test('accepts a device or a link', () => {
    expect(diskOf([only], '/dev/vda', undefined)).toBe(only);
    expect(diskOf([only], '/dev/disk/by-id/vda', undefined)).toBe(only);
  });

  test('refuses a file that is not a disk, a disk in use, and the medium', () => {
    expect(refusal(() => diskOf([only], '/dev/vda1', undefined)).code).toBe('install-no-disk');
    expect(refusal(() => diskOf([only], '/dev/vda', '/dev/vda')).code).toBe('install-disk-unfit');
    const used = disk('vda', 8, { mountPoints: ['/'] });
    expect(refusal(() => diskOf([used], '/dev/vda', undefined)).code).toBe('install-disk-unfit');
  });
});
