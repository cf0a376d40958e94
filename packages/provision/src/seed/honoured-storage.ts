import { MIB, type PartitionName } from '@micro-linux/core';
import type { DiskMatch } from '../disk/disk-match.ts';
import { MINIMUM_ESP_BYTES } from '../disk/disk-sizes.ts';
import { formatByteSize } from '../values/byte-size.ts';
import { checkDiskPath, checkDiskPattern } from '../values/install-rules.ts';
import type { KeyPath } from '../values/key-path.ts';
import { Problem } from '../values/problem.ts';
import { differenceFinding, differences } from './difference.ts';
import { type Group, groupIn, isGroup, listIn, valueIn } from './group.ts';
import { badValue, type HonouredFinding, notActedOn } from './honoured-finding.ts';
import {
  partitionId,
  type StorageOptions,
  type StorageSection,
  storageSection,
} from './storage-section.ts';
import { parseStorageSize } from './storage-size.ts';

const MATCH_KEYS = ['size', 'serial', 'model', 'path', 'ssd'];

/**
 * How a storage section differs from the one that `micro-linux seed` would write for the same disk
 * rules and sizes. Our installer has only one disk layout.
 */
export function storageFindings(storage: Group): HonouredFinding[] {
  const options = storageOptions(storage);
  const expected = storageSection(options);
  const known = { config: storage['config'], swap: storage['swap'] ?? expected.swap };
  if (idsOf(storage).join() !== idsOf(expected).join()) {
    return [
      {
        kind: 'form',
        path: ['storage', 'config'],
        problem: 'is not the list that a disk of micro-linux has',
        fix: 'use the list that `micro-linux seed` writes, with your sizes and rules',
      },
    ];
  }
  return [
    ...differences(expected, { ...storage, ...known }, ['storage']).map(differenceFinding),
    ...Object.keys(groupIn(disk(storage), 'match'))
      .filter((key) => !MATCH_KEYS.includes(key))
      .map((key) => notActedOn(matchPath(key))),
    ...matchFindings(options.match),
    ...sizeFindings(options, storage),
  ];
}

/** The disk rules and sizes of a storage section; a missing or invalid size counts as 0. */
export function storageOptions(storage: Group): StorageOptions {
  const match = groupIn(disk(storage), 'match');
  const text = (key: string) => (typeof match[key] === 'string' ? match[key] : undefined);
  const rules: DiskMatch = {
    size: match['size'] === 'smallest' ? 'smallest' : 'largest',
    serial: text('serial'),
    model: text('model'),
    path: text('path'),
    ssd: typeof match['ssd'] === 'boolean' ? match['ssd'] : undefined,
  };
  return {
    match: rules,
    disk: { espBytes: sizeOf(storage, 'ESP'), slotBytes: sizeOf(storage, 'rootA') },
    preserveData: entry(storage, 'data')?.['preserve'] === true,
  };
}

function matchFindings({ serial, model, path }: DiskMatch): HonouredFinding[] {
  return [
    ...(serial === undefined ? [] : badValue(matchPath('serial'), checkDiskPattern(serial))),
    ...(model === undefined ? [] : badValue(matchPath('model'), checkDiskPattern(model))),
    ...(path === undefined ? [] : badValue(matchPath('path'), checkDiskPath(path))),
  ];
}

function sizeFindings({ disk: { espBytes, slotBytes } }: StorageOptions, storage: Group) {
  return [
    ...badValue(sizePath(storage, 'ESP'), checkSize(espBytes, MINIMUM_ESP_BYTES)),
    ...badValue(sizePath(storage, 'rootA'), checkSize(slotBytes, MIB)),
  ];
}

function checkSize(bytes: number, minimum: number): Problem | undefined {
  return bytes >= minimum && bytes % MIB === 0
    ? undefined
    : new Problem(
        'is not a size that a partition of micro-linux can have',
        `write whole MiB, ${formatByteSize(minimum)} or more`,
      );
}

function matchPath(key: string): KeyPath {
  return ['storage', 'config', 0, 'match', key];
}

function sizePath(storage: Group, name: PartitionName): KeyPath {
  return ['storage', 'config', idsOf(storage).indexOf(partitionId(name)), 'size'];
}

function idsOf(storage: Group | StorageSection): readonly unknown[] {
  return listIn(storage, 'config').map((one) => valueIn(one, 'id'));
}

function disk(storage: Group): Group {
  const first = listIn(storage, 'config')[0];
  return isGroup(first) ? first : {};
}

function entry(storage: Group, name: PartitionName): Group | undefined {
  return listIn(storage, 'config')
    .filter(isGroup)
    .find((one) => one['id'] === partitionId(name));
}

function sizeOf(storage: Group, name: PartitionName): number {
  const size = parseStorageSize(entry(storage, name)?.['size']);
  return size instanceof Problem || size.kind !== 'bytes' ? 0 : size.bytes;
}
