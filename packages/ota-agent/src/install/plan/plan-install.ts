import {
  ExitCode,
  MIB,
  MicroLinuxError,
  type PartitionName,
  partitionSpec,
  SECTOR_BYTES,
} from '@micro-linux/core';
import {
  BOOT_CODE_BYTES,
  diskLayout,
  espBytesOn,
  neededDiskBytes,
  type PlacedPartition,
  placed,
  type SectorBytes,
  sfdiskScript,
} from '@micro-linux/provision';
import { type Disk, describeDisk } from '../disks/disk.ts';
import { checkSizes, espImage, sectorsOf } from './disk-checks.ts';
import type { InstallFacts, RescueFacts } from './install-facts.ts';
import type { InstallStep } from './steps.ts';

/** The part of the disk with GPT and boot code, which firmware reads; sfdisk writes the table. */
const HEAD_BYTES = MIB;

/**
 * All steps of an installation, or why it is not possible. The disk becomes bootable with the last
 * bytes: firmware skips an incomplete disk and boots the medium. If a later step fails, the disk is
 * made unbootable again.
 *
 * @throws MicroLinuxError `install-disk-too-small`, `install-sector-size`, `install-esp-size`,
 *   `image-too-large`, `install-nothing-to-keep`.
 */
export function planInstall(facts: InstallFacts): readonly InstallStep[] {
  const { disk, seed, imageBytes } = facts;
  const sectorBytes = sectorsOf(facts);
  const { slotBytes } = seed.disk;
  const sizes = { espBytes: espBytesOn(sectorBytes, seed.disk.espBytes), slotBytes };
  checkSizes(sizes, facts, espImage(sectorBytes));
  const keep = seed.disk.preserveData;
  const layout = keep ? keptLayout(disk, sizes) : newLayout(disk, sizes);
  const at = partitions(disk, layout);
  return [
    ...takenDown(disk, keep),
    ...overwritten(facts, layout, keep),
    { kind: 'write-slot', path: at.rootA, bytes: imageBytes },
    { kind: 'blank-slot', path: at.rootB },
    ...(keep
      ? [{ kind: 'renew-data', path: at.data, slotsEmpty: ['B'] } as const]
      : [
          { kind: 'format-data', path: at.data } as const,
          { kind: 'fill-data', path: at.data, slotA: at.rootA } as const,
        ]),
    ...bootable(facts, at, sectorBytes),
    ...bootEntry(facts, at.ESP),
    ...(facts.commands && seed.lateCommands.length > 0
      ? [
          {
            kind: 'late-commands',
            commands: seed.lateCommands,
            slotA: at.rootA,
            data: at.data,
            esp: at.ESP,
          } as const,
        ]
      : []),
    { kind: 'keep-log', data: at.data },
  ];
}

/**
 * The steps that make a disk with our partitions bootable again: ESP, boot code and, if requested,
 * slot A. Data and slot B are kept.
 *
 * @throws MicroLinuxError `install-nothing-to-keep`, `install-esp-size`, `image-too-large`,
 *   `install-sector-size`.
 */
export function planRescue(facts: RescueFacts): readonly InstallStep[] {
  const { disk, imageBytes } = facts;
  const sectorBytes = sectorsOf(facts);
  const sizes = { espBytes: sizeOf(disk, 'ESP'), slotBytes: sizeOf(disk, 'rootA') };
  const layout = keptLayout(disk, sizes);
  checkSizes(sizes, facts, espImage(sectorBytes));
  const at = partitions(disk, layout);
  return [
    ...takenDown(disk, true),
    ...overwritten(facts, layout, true),
    ...(facts.slot
      ? ([
          { kind: 'write-slot', path: at.rootA, bytes: imageBytes },
          { kind: 'renew-data', path: at.data, slotsEmpty: [] },
        ] as const)
      : []),
    ...bootable(facts, at, sectorBytes),
  ];
}

/**
 * First of all, because open layers could write to the disk, too.
 *
 * @throws MicroLinuxError `install-disk-unfit` if its layers would have to be kept.
 */
function takenDown(disk: Disk, keep: boolean): readonly InstallStep[] {
  const steps = disk.takeDown?.steps ?? [];
  if (keep && steps.length > 0) {
    throw new MicroLinuxError({
      code: 'install-disk-unfit',
      message: `${disk.path} contains other partitions than those of micro-linux`,
      why: `open on it: ${steps.map(({ device }) => device).join(', ')}`,
      hint: 'install without keeping data, or name another disk',
      exitCode: ExitCode.failed,
    });
  }
  return steps.length === 0 ? [] : [{ kind: 'take-down', disk: disk.path, steps }];
}

/** Device of a partition: `/dev/vda2`, but `/dev/nvme0n1p2`. */
export function partitionPath(disk: string, number: number): string {
  return `${disk}${/\d$/.test(disk) ? 'p' : ''}${number}`;
}

type Paths = Readonly<Record<PartitionName, string>>;

function partitions(disk: Disk, layout: readonly PlacedPartition[]): Paths {
  const path = (name: PartitionName) => partitionPath(disk.path, placed(layout, name).number);
  return {
    bios: path('bios'),
    ESP: path('ESP'),
    rootA: path('rootA'),
    rootB: path('rootB'),
    data: path('data'),
  };
}

function overwritten(
  { disk, manifest, firmware }: RescueFacts | InstallFacts,
  layout: readonly PlacedPartition[],
  keep: boolean,
): readonly InstallStep[] {
  const esp = { offset: placed(layout, 'ESP').start * SECTOR_BYTES, bytes: HEAD_BYTES };
  const bootRanges = [{ offset: 0, bytes: BOOT_CODE_BYTES }, esp];
  // If the disk had another system, firmware would find the old boot programs on its ESP.
  const old = disk.partitions
    .map(({ startBytes, sizeBytes }) => ({
      offset: startBytes,
      bytes: Math.min(HEAD_BYTES, sizeBytes),
    }))
    .filter(({ offset }) => offset !== esp.offset);
  // The backup of an old GPT, and what some kinds of RAID write there.
  const end = { offset: disk.sizeBytes - HEAD_BYTES, bytes: HEAD_BYTES };
  return [
    {
      kind: 'unbootable',
      disk: disk.path,
      bootRanges,
      ranges: keep ? bootRanges : [{ offset: 0, bytes: HEAD_BYTES }, esp, ...old, end],
    },
    {
      kind: 'table',
      disk: disk.path,
      script: sfdiskScript(layout, manifest.buildId, sectorsOf({ disk, firmware })),
      keep,
      partitions: layout.map(({ number }) => partitionPath(disk.path, number)),
    },
  ];
}

/** ESP and, if a BIOS can start the disk, GRUB for it. */
function bootable(
  { disk, manifest }: Pick<InstallFacts, 'disk' | 'manifest'>,
  at: Paths,
  sectorBytes: SectorBytes,
): readonly InstallStep[] {
  const image = espImage(sectorBytes);
  const bytes = manifest.files[image].imageBytes;
  const esp = { kind: 'write-esp', path: at.ESP, bytes, image } as const;
  return sectorBytes === SECTOR_BYTES
    ? [
        { kind: 'write-core', path: at.bios },
        esp,
        { kind: 'write-boot-code', disk: disk.path, partitions: Object.values(at) },
      ]
    : [esp];
}

function bootEntry(
  { disk, manifest, firmware }: InstallFacts,
  esp: string,
): readonly InstallStep[] {
  return firmware === 'bios'
    ? []
    : [
        {
          kind: 'boot-entry',
          disk: disk.path,
          esp,
          partition: partitionSpec('ESP').number,
          gone: disk.partitions.flatMap(({ partUuid }) => partUuid ?? []),
          label: `${manifest.compatible} (${manifest.profile})`,
        },
      ];
}

function newLayout(
  disk: Disk,
  sizes: { readonly espBytes: number; readonly slotBytes: number },
): readonly PlacedPartition[] {
  const needed = neededDiskBytes(sizes);
  if (disk.sizeBytes < needed) {
    throw new MicroLinuxError({
      code: 'install-disk-too-small',
      message: `${disk.path} is too small`,
      why: `${describeDisk(disk)}; it needs at least ${Math.ceil(needed / MIB)} MiB`,
      hint: 'use a larger disk, or build with smaller slots: disk.slot in micro-linux.yaml',
      exitCode: ExitCode.failed,
    });
  }
  return diskLayout({ ...sizes, sizeBytes: Math.floor(disk.sizeBytes / MIB) * MIB });
}

/** Checks that the disk has the layout of micro-linux; only the data partition may be larger. */
function keptLayout(
  disk: Disk,
  sizes: { readonly espBytes: number; readonly slotBytes: number },
): readonly PlacedPartition[] {
  const expected = diskLayout({ ...sizes, sizeBytes: neededDiskBytes(sizes) });
  const problems: string[] = [];
  const layout = expected.map((partition) => {
    const there = disk.partitions.find(({ number }) => number === partition.number);
    const grows = partition.name === 'data';
    if (!there) {
      problems.push(`partition ${partition.number} (${partition.name}) is missing`);
      return partition;
    }
    if (there.typeGuid !== partition.type) {
      problems.push(`partition ${partition.number} is of type ${there.typeGuid ?? 'unknown'}`);
    }
    if (there.startBytes !== partition.start * SECTOR_BYTES) {
      problems.push(`partition ${partition.number} begins at byte ${there.startBytes}`);
    }
    const sectors = there.sizeBytes / SECTOR_BYTES;
    if (grows ? sectors < partition.sectors : sectors !== partition.sectors) {
      problems.push(`partition ${partition.number} has ${there.sizeBytes} bytes`);
    }
    return grows ? { ...partition, sectors } : partition;
  });
  if (problems.length > 0) {
    throw new MicroLinuxError({
      code: 'install-nothing-to-keep',
      message: `${disk.path} does not have the partitions of micro-linux with these sizes`,
      why: problems.join('\n'),
      hint: 'to erase what is on it, install without install.preserveData; otherwise build with the sizes it has',
      exitCode: ExitCode.failed,
    });
  }
  return layout;
}

function sizeOf(disk: Disk, name: PartitionName): number {
  const { number } = partitionSpec(name);
  return disk.partitions.find((partition) => partition.number === number)?.sizeBytes ?? 0;
}
