import type { Remark } from '../../check/finding.ts';
import type { Action } from './action.ts';
import { FILE_SYSTEM_UUID, shown, TEXT } from './value-types.ts';

/** A GUID, or a name of sfdisk's (`sfdisk --list-types`, section "Named types" of its manual). */
const GPT_TYPE =
  /^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[LSHURV]|linux|swap|home|uefi|raid|lvm)$/;

/** The types of an extended partition of msdos, in hexadecimal. */
const EXTENDED_TYPE = /^(0?[5f]|85)$/i;

/** Keys that only a GPT can store; with msdos, curtin ignores them. */
const GPT_KEYS = { uuid: FILE_SYSTEM_UUID, partition_name: TEXT } as const;

/**
 * Keys of a partition that curtin passes to sfdisk, with its newer partitioning method only.
 *
 * @param table the partition table of its disk: gpt, msdos.
 */
export function partitionTypeRemarks(partition: Action, table: string | undefined): Remark[] {
  return [...partitionType(partition, table), ...gptKeys(partition, table)];
}

/** Partition types that sfdisk accepts; curtin's newer method passes them on. */
function partitionType(partition: Action, table: string | undefined): Remark[] {
  const type = partition.fields['partition_type'];
  if (type === undefined || type === null) {
    return [];
  }
  const text = String(type);
  const fits =
    table !== 'msdos'
      ? GPT_TYPE.test(text)
      : partition.fields['flag'] === 'extended'
        ? EXTENDED_TYPE.test(text)
        : /^\S+$/.test(text);
  return fits
    ? []
    : [
        remark(
          partition,
          'partition_type',
          `${shown(type)} is not a partition type: with subiquity-storage-version=2 sfdisk refuses it`,
          'write a GUID, or remove it and write a flag',
        ),
      ];
}

function gptKeys(partition: Action, table: string | undefined): Remark[] {
  return table === 'msdos'
    ? []
    : Object.entries(GPT_KEYS).flatMap(([key, type]) => {
        const value = partition.fields[key];
        return value === undefined || value === null || type.has(value)
          ? []
          : [
              remark(
                partition,
                key,
                `is ${shown(value)}, and must be ${type.what}: with subiquity-storage-version=2 the installer fails here`,
                type.fix(value),
              ),
            ];
      });
}

function remark({ path }: Action, key: string, problem: string, fix: string): Remark {
  return { rule: 'storage-version-2', path: [...path, key], problem, fix };
}
