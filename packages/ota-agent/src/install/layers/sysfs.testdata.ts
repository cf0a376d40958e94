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

/** The parts of /sys that tell what lies on what, as files; returns its class/block. */
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

/** What Ubuntu Server installs unless told otherwise: LVM on the third partition. */
export const UBUNTU_LVM = {
  sda: {},
  sda1: part('sda'),
  sda2: part('sda'),
  sda3: part('sda'),
  'dm-0': { slaves: ['sda3'], dm: ['ubuntu--vg-ubuntu--lv', 'LVM-abc'] },
  sdb: {},
  sdb1: part('sdb'),
} as const satisfies Readonly<Record<string, RecordedDevice>>;
