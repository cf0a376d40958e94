import { GIB, MIB, MicroLinuxError } from '@micro-linux/core';
import { diskLayout, type InstallSeed, neededDiskBytes } from '@micro-linux/provision';
import { describe, expect, test } from 'vitest';
import type { Disk } from '../disks/disk.ts';
import type { InstallFacts } from './install-facts.ts';
import { BLANK, MANIFEST, SIZES } from './plan.testdata.ts';
import { partitionPath, planInstall, planRescue } from './plan-install.ts';
import { describeInstallStep } from './steps.ts';

/** A disk that was installed before. */
const OURS: Disk = {
  ...BLANK,
  partitions: diskLayout({ ...SIZES, sizeBytes: BLANK.sizeBytes }).map((partition) => ({
    path: partitionPath('/dev/vda', partition.number),
    number: partition.number,
    startBytes: partition.start * 512,
    sizeBytes: partition.sectors * 512,
    typeGuid: partition.type,
    partUuid: `old-${partition.number}`,
    name: partition.name,
  })),
};

function facts(
  more: {
    disk?: Disk;
    firmware?: 'bios' | 'uefi';
    preserveData?: boolean;
    lateCommands?: string[];
  } = {},
) {
  const seed: InstallSeed = {
    identity: {
      hostname: 'box',
      user: 'micro',
      passwordHash: undefined,
      sshPassword: false,
      sshKeys: [],
      network: { kind: 'dhcp', interface: undefined },
      timezone: 'Etc/UTC',
      locale: 'C.UTF-8',
    },
    disk: {
      match: {
        size: 'largest',
        serial: undefined,
        model: undefined,
        path: undefined,
        ssd: undefined,
      },
      ...SIZES,
      preserveData: more.preserveData === true,
    },
    earlyCommands: [],
    lateCommands: more.lateCommands ?? [],
    errorCommands: [],
    shutdown: 'reboot',
  };
  return {
    manifest: MANIFEST,
    imageBytes: 400 * MIB,
    disk: more.disk ?? BLANK,
    firmware: more.firmware ?? 'bios',
    seed,
    commands: true,
  } satisfies InstallFacts;
}

function code(plan: () => unknown): string {
  try {
    plan();
  } catch (error) {
    if (error instanceof MicroLinuxError) {
      return error.code;
    }
    throw error;
  }
  return 'none';
}

test('takes down the layers on the disk before anything is written', () => {
  const steps = [{ kind: 'dm', device: '/dev/dm-0', name: 'ubuntu--vg-ubuntu--lv' }] as const;
  const disk: Disk = { ...BLANK, takeDown: { steps } };
  const [first, second] = planInstall(facts({ disk }));
  expect(first).toEqual({ kind: 'take-down', disk: disk.path, steps });
  expect(second?.kind).toBe('unbootable');
  expect(first && describeInstallStep(first)).toContain('/dev/dm-0');
});

test('takes nothing down when data are kept', () => {
  const takeDown = { steps: [{ kind: 'md', device: '/dev/md0' }] } as const;
  const disk: Disk = { ...OURS, takeDown };
  expect(code(() => planInstall(facts({ disk, preserveData: true })))).toBe('install-disk-unfit');
  const base = { manifest: MANIFEST, imageBytes: 400 * MIB, firmware: 'bios' } as const;
  const rescue = { ...base, disk, slot: true };
  expect(code(() => planRescue(rescue))).toBe('install-disk-unfit');
});

describe('an installation', () => {
  test('makes the disk unbootable first and bootable last', () => {
    const steps = planInstall(facts({ lateCommands: ['true'] }));
    expect(steps.map(({ kind }) => kind)).toEqual([
      'unbootable',
      'table',
      'write-slot',
      'blank-slot',
      'format-data',
      'fill-data',
      'write-core',
      'write-esp',
      'write-boot-code',
      'late-commands',
      'keep-log',
    ]);
    expect(steps.map(describeInstallStep).join('\n')).not.toMatch(/undefined|NaN/);
  });

  test('wipes what firmware would find of the previous system', () => {
    const none = { name: undefined, typeGuid: undefined, partUuid: undefined };
    const old = { path: '/dev/vda1', number: 1, ...none };
    const disk = {
      ...BLANK,
      partitions: [{ ...old, startBytes: 5 * GIB, sizeBytes: 512 }],
    };
    expect(planInstall(facts({ disk }))[0]).toMatchObject({
      ranges: [
        { offset: 0, bytes: MIB },
        { offset: 3 * MIB, bytes: MIB },
        { offset: 5 * GIB, bytes: 512 },
        { offset: 8 * GIB - MIB, bytes: MIB },
      ],
    });
  });

  test('uses the whole disk and the identifiers of the build', () => {
    const [, table] = planInstall(facts());
    expect(table).toMatchObject({
      keep: false,
      partitions: ['/dev/vda14', '/dev/vda1', '/dev/vda2', '/dev/vda3', '/dev/vda4'],
    });
    expect(table).toHaveProperty('script', expect.stringContaining('name=rootA'));
  });

  test('changes only the agent’s records in kept data', () => {
    const steps = planInstall(facts({ disk: OURS, preserveData: true }));
    expect(steps.map(({ kind }) => kind)).toEqual([
      'unbootable',
      'table',
      'write-slot',
      'blank-slot',
      'renew-data',
      'write-core',
      'write-esp',
      'write-boot-code',
      'keep-log',
    ]);
    expect(steps[0]).toMatchObject({
      ranges: [
        { offset: 0, bytes: 440 },
        { offset: 3 * MIB, bytes: MIB },
      ],
    });
    expect(steps[1]).toMatchObject({ keep: true });
  });

  test('keeps a data partition that has grown, with its length', () => {
    const grown = OURS.partitions.map((one) =>
      one.number === 4 ? { ...one, sizeBytes: one.sizeBytes + GIB } : one,
    );
    const steps = planInstall(facts({ disk: { ...OURS, partitions: grown }, preserveData: true }));
    const size = (grown.find(({ number }) => number === 4)?.sizeBytes ?? 0) / 512;
    expect(steps[1]).toHaveProperty('script', expect.stringContaining(`size=${size},`));
  });

  test.each([
    ['a partition is missing', OURS.partitions.slice(1)],
    ['one has another size', OURS.partitions.map((one) => ({ ...one, sizeBytes: 512 * MIB }))],
    ['one begins elsewhere', OURS.partitions.map((one) => ({ ...one, startBytes: 4 * GIB }))],
    ['one is of another type', OURS.partitions.map((one) => ({ ...one, typeGuid: 'x' }))],
  ])('refuses to keep data where %s', (_title, partitions) => {
    const disk = { ...OURS, partitions };
    expect(code(() => planInstall(facts({ disk, preserveData: true })))).toBe(
      'install-nothing-to-keep',
    );
  });

  test('is refused when it does not fit', () => {
    const least = neededDiskBytes(SIZES);
    const sized = (sizeBytes: number) => facts({ disk: { ...BLANK, sizeBytes } });
    expect(code(() => planInstall(sized(least)))).toBe('none');
    expect(code(() => planInstall(sized(least - 1)))).toBe('install-disk-too-small');
    expect(code(() => planInstall({ ...facts(), imageBytes: SIZES.slotBytes + 1 }))).toBe(
      'image-too-large',
    );
    const esp = { ...MANIFEST.files.esp, imageBytes: 64 * MIB };
    const manifest = { ...MANIFEST, files: { ...MANIFEST.files, esp } };
    expect(code(() => planInstall({ ...facts(), manifest }))).toBe('install-esp-size');
  });
});

describe('a machine that was started by UEFI', () => {
  const kinds = (disk: Disk) =>
    planInstall(facts({ disk, firmware: 'uefi' })).map(({ kind }) => kind);

  test('adds a boot entry for the disk in place of the old ones', () => {
    const steps = planInstall(facts({ disk: OURS, firmware: 'uefi', lateCommands: ['true'] }));
    expect(steps.map(({ kind }) => kind).slice(-4)).toEqual([
      'write-boot-code',
      'boot-entry',
      'late-commands',
      'keep-log',
    ]);
    expect(steps.at(-3)).toMatchObject({
      ...{ disk: '/dev/vda', esp: '/dev/vda1', partition: 1, label: 'box (bookworm)' },
      gone: ['old-14', 'old-1', 'old-2', 'old-3', 'old-4'],
    });
    expect(planInstall(facts()).map(({ kind }) => kind)).not.toContain('boot-entry');
  });

  test('gets no GRUB for BIOS on a disk with sectors of 4096 bytes', () => {
    const disk = { ...BLANK, logicalBlockBytes: 4096 };
    expect(kinds(disk)).not.toContain('write-core');
    expect(kinds(disk)).not.toContain('write-boot-code');
    const steps = planInstall(facts({ disk, firmware: 'uefi' }));
    expect(steps.find(({ kind }) => kind === 'write-esp')).toMatchObject({
      ...{ image: 'esp4k', bytes: 260 * MIB },
    });
    // The same positions in bytes, except for an ESP of 260 MiB.
    expect(steps[1]).toHaveProperty('script', expect.stringContaining('sector-size: 4096\n'));
    expect(steps[1]).toHaveProperty(
      'script',
      expect.stringMatching(/^1 : start=768, size=66560,/m),
    );
    expect(steps[0]).toHaveProperty(
      'bootRanges',
      expect.arrayContaining([{ offset: 3 * MIB, bytes: MIB }]),
    );
  });

  test('keeps data of such a disk', () => {
    const sizes = { ...SIZES, espBytes: 260 * MIB, sizeBytes: BLANK.sizeBytes };
    const partitions = diskLayout(sizes).map((one) => ({
      path: partitionPath('/dev/vda', one.number),
      number: one.number,
      startBytes: one.start * 512,
      sizeBytes: one.sectors * 512,
      typeGuid: one.type,
      partUuid: undefined,
      name: one.name,
    }));
    const disk = { ...BLANK, logicalBlockBytes: 4096, partitions };
    const steps = planInstall(facts({ disk, firmware: 'uefi', preserveData: true }));
    expect(steps.map(({ kind }) => kind)).toContain('renew-data');
  });

  test.each([
    [4096, 'bios', 'install-sector-size'],
    [4096, 'uefi', 'none'],
    [520, 'uefi', 'install-sector-size'],
    [8192, 'uefi', 'install-sector-size'],
  ] as const)('a disk with sectors of %d bytes, started by %s: %s', (bytes, firmware, expected) => {
    const disk = { ...BLANK, logicalBlockBytes: bytes };
    expect(code(() => planInstall(facts({ disk, firmware })))).toBe(expected);
  });
});

describe('a rescue', () => {
  const rescue = (disk: Disk, slot: boolean) =>
    planRescue({ manifest: MANIFEST, imageBytes: 400 * MIB, disk, firmware: 'bios', slot });

  test('writes only ESP, boot code and slot A', () => {
    expect(rescue(OURS, true).map(({ kind }) => kind)).toEqual([
      'unbootable',
      'table',
      'write-slot',
      'renew-data',
      'write-core',
      'write-esp',
      'write-boot-code',
    ]);
    expect(rescue(OURS, true)[3]).toMatchObject({ slotsEmpty: [] });
    expect(rescue(OURS, false).map(({ kind }) => kind)).not.toContain('write-slot');
  });

  test('is refused on a disk of another system', () => {
    expect(code(() => rescue(BLANK, true))).toBe('install-nothing-to-keep');
  });
});

test('partitions of disks whose name ends in a digit', () => {
  expect(partitionPath('/dev/sda', 2)).toBe('/dev/sda2');
  expect(partitionPath('/dev/nvme0n1', 14)).toBe('/dev/nvme0n1p14');
});
