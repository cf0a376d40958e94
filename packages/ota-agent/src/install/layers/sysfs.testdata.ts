import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** One block device of a recorded tree. */
export interface RecordedDevice {
  /** Of its disk, for a partition. */
  readonly partitionOf?: string;
  readonly slaves?: readonly string[];
  /** Name and UUID of the device mapper. */
  readonly dm?: readonly [name: string, uuid: string];
  readonly md?: true;
  /** What bcache has it open as. */
  readonly bcache?: 'cache' | 'cached';
}

/** The parts of /sys that show which device is on which, as files; returns its class/block. */
export function recordedSysfs(devices: Readonly<Record<string, RecordedDevice>>): string {
  const root = mkdtempSync(join(tmpdir(), 'sysfs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const classBlock = join(root, 'class/block');
  mkdirSync(classBlock, { recursive: true });
  for (const [name, { partitionOf, slaves = [], dm, md, bcache }] of Object.entries(devices)) {
    const at = join(root, 'devices', ...(partitionOf === undefined ? [] : [partitionOf]), name);
    const file = (path: string, text: string) => {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), text);
    };
    mkdirSync(at, { recursive: true });
    if (partitionOf !== undefined) {
      file('partition', '1\n');
    } else {
      mkdirSync(join(at, 'slaves'), { recursive: true });
    }
    for (const slave of slaves) {
      symlinkSync(`../../../class/block/${slave}`, join(at, 'slaves', slave));
    }
    if (dm) {
      file('dm/name', `${dm[0]}\n`);
      file('dm/uuid', `${dm[1]}\n`);
    }
    if (md) {
      file('md/array_state', 'clean\n');
    }
    if (bcache) {
      file(bcache === 'cache' ? 'bcache/set/stop' : 'bcache/stop', '');
    }
    symlinkSync(at, join(classBlock, name));
  }
  return classBlock;
}

const part = (partitionOf: string) => ({ partitionOf });

/** What Ubuntu Server installs by default: LVM on the third partition. */
export const UBUNTU_LVM = {
  sda: {},
  sda1: part('sda'),
  sda2: part('sda'),
  sda3: part('sda'),
  'dm-0': { slaves: ['sda3'], dm: ['ubuntu--vg-ubuntu--lv', 'LVM-abc'] },
  sdb: {},
  sdb1: part('sdb'),
} as const satisfies Readonly<Record<string, RecordedDevice>>;

const volume = (name: string, ...slaves: readonly string[]) => ({
  slaves,
  dm: [`vg-${name}`, `LVM-${name}`] as const,
});

/**
 * What Linux 6.8 showed of a volume group on two partitions, with a thin volume and its snapshot, which was
 * not active, a mirror, and a RAID with a snapshot of the older kind.
 */
export const VOLUME_GROUP = {
  sda: {},
  sda1: part('sda'),
  sda2: part('sda'),
  'dm-0': volume('pool_tmeta', 'sda2'),
  'dm-1': volume('pool_tdata', 'sda1'),
  'dm-2': volume('pool-tpool', 'dm-0', 'dm-1'),
  'dm-3': volume('pool', 'dm-2'),
  'dm-4': volume('thin', 'dm-2'),
  'dm-5': volume('mirror_mlog', 'sda2'),
  'dm-6': volume('mirror_mimage_0', 'sda1'),
  'dm-7': volume('mirror_mimage_1', 'sda2'),
  'dm-8': volume('mirror', 'dm-5', 'dm-6', 'dm-7'),
  'dm-9': volume('raid_rmeta_0', 'sda1'),
  'dm-10': volume('raid_rimage_0', 'sda1'),
  'dm-11': volume('raid_rmeta_1', 'sda2'),
  'dm-12': volume('raid_rimage_1', 'sda2'),
  'dm-13': volume('raid', 'dm-14'),
  'dm-14': volume('raid-real', 'dm-9', 'dm-10', 'dm-11', 'dm-12'),
  'dm-15': volume('old-cow', 'sda1'),
  'dm-16': volume('old', 'dm-14', 'dm-15'),
} as const satisfies Readonly<Record<string, RecordedDevice>>;
