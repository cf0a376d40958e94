import { MIB } from '@micro-linux/core';
import { formatByteSize, Problem, parseStorageSize } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import type { Action } from './action.ts';

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
  return needed.length === 0 ? undefined : Math.max(...needed);
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
    // What is left must at least be something.
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
  // An extended partition holds the logical ones: they are no competition for the rest.
  return action.fields['flag'] === 'extended'
    ? ofSame.filter(({ fields }) => fields['flag'] !== 'logical')
    : ofSame;
}

function inMib(bytes: number): string {
  return formatByteSize(Math.ceil(bytes / MIB) * MIB);
}
