import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExitCode, MicroLinuxError, SECTOR_BYTES } from '@micro-linux/core';
import * as z from 'zod';
import type { System } from '../../system/system.ts';
import type { BlockDevice } from '../layers/block-device.ts';
import { planTakeDown } from '../layers/plan-take-down.ts';
import { readBlockDevices } from '../layers/read-block-devices.ts';
import { readPools } from '../layers/read-pools.ts';
import type { Disk, DiskPartition } from './disk.ts';

const LSBLK = '/usr/bin/lsblk';
const UDEVADM = '/usr/bin/udevadm';
const FINDMNT = '/usr/bin/findmnt';

/** These programs only read what the kernel and udev already know. */
const TIMEOUT_MS = 30_000;
/** USB disks may appear seconds after the system. */
const SETTLE_TIMEOUT_MS = 60_000;

/** Without PARTN, which util-linux 2.38 (Debian 12) does not support. */
const COLUMNS = [
  ...['PATH', 'TYPE', 'SIZE', 'RO', 'RM', 'ROTA', 'TRAN', 'LOG-SEC', 'MODEL'],
  ...['MOUNTPOINTS', 'PARTTYPE', 'PARTUUID', 'PARTLABEL'],
];

interface Node {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  readonly ro: boolean;
  readonly rm: boolean;
  readonly rota: boolean;
  readonly tran: string | null;
  readonly 'log-sec': number;
  readonly model: string | null;
  readonly mountpoints: readonly (string | null)[];
  readonly parttype: string | null;
  readonly partuuid: string | null;
  readonly partlabel: string | null;
  readonly children: readonly Node[];
}

const nodeSchema: z.ZodType<Node> = z.object({
  path: z.string(),
  type: z.string(),
  size: z.int().min(0),
  ro: z.boolean(),
  rm: z.boolean(),
  rota: z.boolean(),
  tran: z.string().nullable(),
  'log-sec': z.int().min(1),
  model: z.string().nullable(),
  mountpoints: z.array(z.string().nullable()),
  parttype: z.string().nullable(),
  partuuid: z.string().nullable(),
  partlabel: z.string().nullable(),
  get children() {
    return z.array(nodeSchema).default([]);
  },
});

const listSchema = z.object({ blockdevices: z.array(nodeSchema) });

/**
 * All disks of this machine, as kernel and udev describe them now. Drives without a medium, loop
 * devices and CD drives are not included.
 *
 * @throws MicroLinuxError `disks-unknown`; `tool-missing` and `tool-failed` if a ZFS pool is
 *   imported and its disks cannot be listed.
 */
export async function gatherDisks(system: System): Promise<readonly Disk[]> {
  const call = { timeoutMs: TIMEOUT_MS };
  await system.run(UDEVADM, ['settle', '--timeout=30'], { timeoutMs: SETTLE_TIMEOUT_MS });
  const { stdout } = await system.run(
    LSBLK,
    ['--json', '--tree', '--bytes', '--output', COLUMNS.join(',')],
    call,
  );
  const nodes = parse(stdout).filter(({ type, size }) => type === 'disk' && size > 0);
  const devices = [...readBlockDevices(system.paths.sysBlock), ...(await readPools(system))];
  return Promise.all(
    nodes.map(async (node) => {
      const udev = await system.run(
        UDEVADM,
        ['info', '--query=property', `--name=${node.path}`],
        call,
      );
      return disk(system, node, properties(udev.stdout), devices);
    }),
  );
}

/**
 * The disk that contains the medium, such as a USB stick; undefined for a DVD.
 *
 * @param directory where the medium is mounted.
 */
export async function mediumDisk(system: System, directory: string): Promise<string | undefined> {
  const call = { timeoutMs: TIMEOUT_MS, okExitCodes: [0, 1, 32] };
  const mount = ['--noheadings', '--output', 'SOURCE', '--target', directory];
  const source = (await system.run(FINDMNT, mount, call)).stdout.trim().replace(/\[.*$/, '');
  if (!source.startsWith('/dev/')) {
    return undefined;
  }
  // From a partition up to the disk it is on.
  const { stdout } = await system.run(
    LSBLK,
    ['--inverse', '--noheadings', '--list', '--output', 'PATH,TYPE', source],
    call,
  );
  const [, path] = /^(\S+)\s+disk$/m.exec(stdout) ?? [];
  return path;
}

function parse(stdout: string): readonly Node[] {
  try {
    return listSchema.parse(JSON.parse(stdout)).blockdevices;
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'disks-unknown',
      message: "lsblk's list of disks cannot be read",
      why: cause instanceof Error ? cause.message : String(cause),
      hint: 'report this with the output of `lsblk --json --bytes --output-all`',
      exitCode: ExitCode.failed,
      cause,
    });
  }
}

async function disk(
  system: System,
  node: Node,
  udev: ReadonlyMap<string, string>,
  devices: readonly BlockDevice[],
): Promise<Disk> {
  const below = descendants(node);
  const parts = node.children.filter(({ type }) => type === 'part');
  const serials = ['ID_SERIAL', 'ID_SERIAL_SHORT', 'ID_WWN'].map((name) => udev.get(name));
  return {
    path: node.path,
    sizeBytes: node.size,
    logicalBlockBytes: node['log-sec'],
    readOnly: node.ro,
    removable: node.rm || node.tran === 'usb',
    rotational: node.rota,
    serials: [...new Set(serials.filter((serial) => serial !== undefined))],
    model: udev.get('ID_MODEL') ?? node.model ?? undefined,
    links: udev.get('DEVLINKS')?.split(' ') ?? [],
    mountPoints: [node, ...below]
      .flatMap(({ mountpoints }) => mountpoints)
      .filter((point) => point !== null),
    takeDown: planTakeDown(basename(node.path), devices),
    partitions: await Promise.all(parts.map((part) => partition(system, part))),
  };
}

function descendants(node: Node): readonly Node[] {
  return node.children.flatMap((child) => [child, ...descendants(child)]);
}

async function partition(system: System, node: Node): Promise<DiskPartition> {
  const directory = join(system.paths.sysBlock, basename(node.path));
  const number = async (name: string) => Number(await readFile(join(directory, name), 'utf8'));
  return {
    path: node.path,
    number: await number('partition'),
    // In sectors of 512 bytes, whatever the disk's own are (Documentation/ABI/stable/sysfs-block).
    startBytes: (await number('start')) * SECTOR_BYTES,
    sizeBytes: node.size,
    typeGuid: node.parttype?.includes('-') ? node.parttype.toLowerCase() : undefined,
    partUuid: node.partuuid ?? undefined,
    name: node.partlabel ?? undefined,
  };
}

/** `KEY=value` lines of udevadm. */
function properties(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
