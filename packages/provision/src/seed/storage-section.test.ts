import { GIB, MIB, PARTITIONS, SECTOR_BYTES } from '@micro-linux/core';
import { describe, expect, test } from 'vitest';
import { diskLayout, placed } from '../disk/disk-layout.ts';
import { type StorageOptions, storageSection } from './storage-section.ts';

const OPTIONS: StorageOptions = {
  disk: { slotBytes: 4 * GIB, espBytes: 512 * MIB },
  match: { size: 'largest', serial: undefined, model: undefined, path: undefined, ssd: undefined },
  preserveData: false,
};

/** GUIDs of the partition types that curtin derives from its flags (UEFI spec 2.10 §5.3.3). */
const GUIDS: Readonly<Record<string, string>> = {
  bios_grub: '21686148-6449-6e6f-744e-656564454649',
  boot: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  linux: '0fc63daf-8483-4772-8e79-3d69d8477de4',
};

const LINUX = GUIDS['linux'];
const part = (id: string, number: number, rest: object) => ({
  type: 'partition',
  id,
  device: 'disk0',
  number,
  preserve: false,
  wipe: 'superblock',
  ...rest,
});

test('is the list that Subiquity 24.04.1, 24.04.4.1 and later accept', () => {
  expect(storageSection(OPTIONS)).toEqual({
    swap: { size: 0 },
    config: [
      {
        type: 'disk',
        id: 'disk0',
        match: { size: 'largest' },
        ptable: 'gpt',
        wipe: 'superblock-recursive',
        preserve: false,
        name: '',
        grub_device: true,
      },
      part('bios', 14, { size: '1M', flag: 'bios_grub', partition_name: 'bios' }),
      part('esp', 1, {
        offset: 3 * MIB,
        size: '512M',
        flag: 'boot',
        grub_device: true,
        partition_name: 'ESP',
      }),
      part('roota', 2, {
        size: '4G',
        flag: 'linux',
        partition_name: 'rootA',
        partition_type: LINUX,
      }),
      part('rootb', 3, {
        size: '4G',
        flag: 'linux',
        partition_name: 'rootB',
        partition_type: LINUX,
      }),
      part('data', 4, { size: -1, flag: 'linux', partition_name: 'data', partition_type: LINUX }),
      { type: 'format', id: 'format-esp', volume: 'esp', fstype: 'fat32', label: 'ESP' },
      { type: 'format', id: 'format-roota', volume: 'roota', fstype: 'ext4', label: 'rootA' },
      { type: 'format', id: 'format-rootb', volume: 'rootb', fstype: 'ext4', label: 'rootB' },
      { type: 'format', id: 'format-data', volume: 'data', fstype: 'ext4', label: 'data' },
      { type: 'mount', id: 'mount-roota', device: 'format-roota', path: '/' },
      { type: 'mount', id: 'mount-esp', device: 'format-esp', path: '/boot/efi' },
      { type: 'mount', id: 'mount-data', device: 'format-data', path: '/data' },
    ],
  });
});

describe('matches the disks that builds make', () => {
  const partitions = storageSection(OPTIONS).config.filter(({ type }) => type === 'partition');

  test('in numbers, names, types and order', () => {
    expect(
      partitions.map((one) => ({
        number: one['number'],
        name: one['partition_name'],
        type: GUIDS[String(one['flag'])],
      })),
    ).toEqual(PARTITIONS);
    for (const one of partitions) {
      expect(one['partition_type'] ?? GUIDS[String(one['flag'])]).toBe(GUIDS[String(one['flag'])]);
    }
  });

  test('in every offset and size, placed as Subiquity places them', () => {
    const sizeBytes = 20 * GIB;
    const layout = diskLayout({ ...OPTIONS.disk, sizeBytes });
    let end = MIB;
    for (const one of partitions) {
      const start = typeof one['offset'] === 'number' ? one['offset'] : end;
      const { start: sector, sectors } = placed(
        layout,
        PARTITIONS.find(({ number }) => number === one['number'])?.name ?? 'data',
      );
      expect(start).toBe(sector * SECTOR_BYTES);
      // Subiquity ends the last one 1 MiB before the end of the disk.
      end = one['size'] === -1 ? sizeBytes - MIB : start + sectors * SECTOR_BYTES;
      expect(end).toBe((sector + sectors) * SECTOR_BYTES);
    }
  });
});

test('takes its sizes from the config', () => {
  const { config } = storageSection({
    ...OPTIONS,
    disk: { slotBytes: 1536 * MIB, espBytes: 64 * MIB },
  });
  expect(config.filter(({ type }) => type === 'partition').map((one) => one['size'])).toEqual([
    '1M',
    '64M',
    '1536M',
    '1536M',
    -1,
  ]);
});

test('contains every rule for the disk', () => {
  const match = {
    size: 'smallest',
    serial: 'S4*',
    model: 'x',
    path: '/dev/vd?',
    ssd: true,
  } as const;
  expect(storageSection({ ...OPTIONS, match }).config[0]?.['match']).toEqual(match);
});

test('with preserveData, keeps all partitions, and wipes and formats all but the data partition', () => {
  const { config } = storageSection({ ...OPTIONS, preserveData: true });
  expect(config[0]).toMatchObject({ type: 'disk', preserve: true });
  expect(config[0]).not.toHaveProperty('wipe');
  const partitions = config.filter(({ type }) => type === 'partition');
  expect(partitions.every((one) => one['preserve'] === true)).toBe(true);
  expect(partitions.filter((one) => !('wipe' in one)).map(({ id }) => id)).toEqual(['data']);
  expect(config.filter(({ type }) => type === 'format')).toMatchObject([
    {},
    {},
    {},
    { id: 'format-data', preserve: true },
  ]);
  expect(config.filter((one) => one.type === 'format' && one['preserve'] === true)).toHaveLength(1);
});
