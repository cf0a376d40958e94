import { MIB, SECTOR_BYTES } from '@micro-linux/core';
import { formatByteSize, Problem, parseStorageSize } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import type { Action } from './action.ts';

/** Partitions of msdos with a higher number are logical, whatever their flag. */
const LAST_PRIMARY = 4;

/** Before the first partition and after the last, for the two tables of a GPT. */
const TABLES_BYTES = 2 * MIB;

/** Sizes that cannot be read, and `-1` where it is not the last. */
export function sizeRemarks(actions: readonly Action[]): Remark[] {
  return actions.flatMap((action): Remark[] => {
    if (!['partition', 'lvm_partition'].includes(action.type) || !('size' in action.fields)) {
      return [];
    }
    const path = [...action.path, 'size'];
    const size = parseStorageSize(action.fields['size']);
    if (size instanceof Problem) {
      return [{ rule: 'storage-size', path, problem: size.what, fix: size.fix ?? '' }];
    }
    if (size.kind === 'bytes' && size.bytes < SECTOR_BYTES && action.type === 'partition') {
      return [
        {
          rule: 'storage-size',
          path,
          problem: `is ${size.bytes} bytes, less than a sector of a disk`,
          fix: 'write a unit: 512M or 4G',
        },
      ];
    }
    if (size.kind === 'share' && action.type === 'partition') {
      return [
        {
          rule: 'storage-version-2',
          path,
          problem:
            'is a share of the disk: with subiquity-storage-version=2 the installer fails with a TypeError',
          fix: 'write a size, or -1 for the rest of the disk',
        },
      ];
    }
    const last = siblings(action, actions).at(-1);
    return size.kind === 'rest' && last !== undefined && last !== action
      ? [
          {
            rule: 'storage-last',
            path,
            problem: `is -1, the rest of the disk, but ${last.id} comes after it in the list`,
            fix: 'move this entry behind all others of its disk; `number` may stay as it is',
          },
        ]
      : [];
  });
}

/** Percentages of a disk or an LVM group that add up to more than 100. */
export function shareRemarks(actions: readonly Action[]): Remark[] {
  return actions.flatMap((parent): Remark[] => {
    const parts = actions.filter(
      ({ type, fields }) =>
        (type === 'partition' && fields['device'] === parent.id) ||
        (type === 'lvm_partition' && fields['volgroup'] === parent.id),
    );
    const shares = parts.filter(({ fields }) => {
      const size = parseStorageSize(fields['size']);
      return !(size instanceof Problem) && size.kind === 'share';
    });
    const percent = shares.reduce(
      (sum, { fields }) => sum + Number.parseInt(String(fields['size']), 10),
      0,
    );
    const last = shares.at(-1);
    return last !== undefined &&
      (percent > 100 || (percent === 100 && parts.length > shares.length))
      ? [
          {
            rule: 'storage-size',
            path: [...last.path, 'size'],
            problem: `makes ${percent}% of ${parent.id}, beside ${parts.length - shares.length} other sizes`,
            fix: 'write smaller shares, or -1 for the last one',
          },
        ]
      : [];
  });
}

/** Logical partitions that do not fit into the extended one. */
export function extendedRemarks(actions: readonly Action[]): Remark[] {
  const partitions = actions.filter(({ type }) => type === 'partition');
  return partitions
    .filter(({ fields }) => fields['flag'] === 'extended')
    .flatMap((extended): Remark[] => {
      const path = [...extended.path, 'size'];
      const inside = partitions.filter(
        ({ fields: { flag, device, number } }) =>
          device === extended.fields['device'] &&
          (flag === 'logical' || (typeof number === 'number' && number > LAST_PRIMARY)),
      );
      const room = bytesOf(extended);
      const sizes = inside.map(bytesOf);
      if (room === undefined || sizes.length === 0) {
        return [];
      }
      const needed = sizes.reduce<number>((sum, bytes) => sum + (bytes ?? MIB), 0);
      // Each logical partition has its own table before it.
      const withTables = needed + sizes.length * MIB;
      const problem = `is ${inMib(room)}, and the logical partitions in it need ${inMib(withTables)}`;
      const fix = `write ${inMib(withTables)} or more`;
      return needed > room
        ? [{ rule: 'storage-size', path, problem, fix }]
        : withTables > room
          ? [{ rule: 'storage-version-2', path, problem, fix }]
          : [];
    });
}

/** The earliest start of the first partition, in bytes: after the table. */
const FIRST_BYTE: Readonly<Record<string, number>> = { gpt: 34 * 512, msdos: 512 };

/** Partitions whose `offset` is in another one or in the table; only the newer method reads it. */
export function offsetRemarks(actions: readonly Action[]): Remark[] {
  return disksOf(actions).flatMap((disk) => {
    let end = MIB;
    const placed: { readonly start: number; readonly end: number }[] = [];
    return actions.flatMap((action): Remark[] => {
      const { offset, device, flag } = action.fields;
      const bytes = bytesOf(action);
      if (action.type !== 'partition' || device !== disk.id || flag === 'logical') {
        return [];
      }
      const start = typeof offset === 'number' ? offset : Math.ceil(end / MIB) * MIB;
      end = start + (bytes ?? MIB);
      const taken = placed.some((other) => start < other.end && other.start < end);
      placed.push({ start, end });
      return taken || start < (FIRST_BYTE[String(disk.fields['ptable'])] ?? 0)
        ? [
            {
              rule: 'storage-version-2',
              path: 'offset' in action.fields ? [...action.path, 'offset'] : action.path,
              problem: taken
                ? 'is inside another partition: with subiquity-storage-version=2 sfdisk refuses it'
                : 'is inside the partition table: with subiquity-storage-version=2 sfdisk refuses it',
              fix: 'leave offset out: partitions follow one another',
            },
          ]
        : [];
    });
  });
}

function bytesOf({ fields }: Action): number | undefined {
  const size = parseStorageSize(fields['size']);
  return size instanceof Problem || size.kind !== 'bytes' ? undefined : size.bytes;
}

/** Partitions that do not fit on a disk of a size. */
export function tooLargeRemarks(
  actions: readonly Action[],
  diskBytes: number | undefined,
): Remark[] {
  return disksOf(actions).flatMap((disk): Remark[] => {
    const needed = neededBytes(disk, actions);
    return diskBytes === undefined || needed <= diskBytes
      ? []
      : [
          {
            rule: 'storage-too-large',
            path: disk.path,
            problem: `needs ${inMib(needed)} for its partitions, and the disk has ${inMib(diskBytes)}`,
            fix: 'write smaller partitions: the installer notices only when the disk is half written',
          },
        ];
  });
}

/** The smallest disk that the largest disk of the list fits on, in bytes; undefined without any. */
export function minimumDiskBytes(actions: readonly Action[]): number | undefined {
  const needed = disksOf(actions).map((disk) => neededBytes(disk, actions));
  return needed.reduce<number | undefined>(
    (largest, bytes) => Math.max(largest ?? bytes, bytes),
    undefined,
  );
}

function disksOf(actions: readonly Action[]): readonly Action[] {
  return actions.filter(({ type }) => type === 'disk');
}

function neededBytes(disk: Action, actions: readonly Action[]): number {
  let end = MIB;
  for (const { fields } of actions.filter(
    ({ type, fields: { device, flag } }) =>
      type === 'partition' && device === disk.id && flag !== 'extended',
  )) {
    const size = parseStorageSize(fields['size']);
    const offset = fields['offset'];
    // The rest must not be empty.
    const bytes = size instanceof Problem || size.kind !== 'bytes' ? MIB : size.bytes;
    const start = typeof offset === 'number' ? Math.max(end, offset) : end;
    end = start + Math.ceil(bytes / MIB) * MIB;
  }
  return end + TABLES_BYTES - MIB;
}

function siblings(action: Action, actions: readonly Action[]): readonly Action[] {
  const key = action.type === 'partition' ? 'device' : 'volgroup';
  const ofSame = actions.filter(
    (other) => other.type === action.type && other.fields[key] === action.fields[key],
  );
  // Logical partitions are inside the extended one and do not count again.
  return action.fields['flag'] === 'extended'
    ? ofSame.filter(({ fields }) => fields['flag'] !== 'logical')
    : ofSame;
}

function inMib(bytes: number): string {
  return formatByteSize(Math.ceil(bytes / MIB) * MIB);
}
