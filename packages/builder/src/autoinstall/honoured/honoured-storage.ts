import type { DiskMatch } from '../../config/config.ts';
import type { KeyPath } from '../../config/key-path.ts';
import { Problem, show } from '../../config/problem.ts';
import type { Remark } from '../check/finding.ts';
import { parseStorageSize } from '../lint/storage/size.ts';
import {
  partitionId,
  type StorageOptions,
  type StorageSection,
  storageSection,
} from '../make/storage-section.ts';
import { type Group, groupIn, isGroup, listIn, valueIn } from '../seed/group.ts';
import { type Difference, differences } from './difference.ts';

const MATCH_KEYS = ['size', 'serial', 'model', 'path', 'ssd'];

/**
 * What differs in a storage section from the one that `micro-linux seed` would write for the same
 * disk rules and sizes: our installer has one way to lay out a disk.
 */
export function storageDifferences(storage: Group, path: KeyPath): Remark[] {
  const options = readOptions(storage);
  const expected = storageSection(options);
  const known = { config: storage['config'], swap: storage['swap'] ?? expected.swap };
  if (idsOf(storage).join() !== idsOf(expected).join()) {
    const problem = 'is not the list that a disk of micro-linux has';
    const fix = 'take the list that `micro-linux seed` writes, with your sizes and rules';
    return [{ rule: 'not-honoured', path: [...path, 'config'], problem, fix }];
  }
  return [
    ...differences(expected, { ...storage, ...known }, path).map(remark),
    ...Object.keys(groupIn(disk(storage), 'match'))
      .filter((key) => !MATCH_KEYS.includes(key))
      .map((key) =>
        remark({ path: [...path, 'config', 0, 'match', key], expected: undefined, actual: '' }),
      ),
  ];
}

function readOptions(storage: Group): StorageOptions {
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
    preserveData: entry(storage, partitionId('data'))?.['preserve'] === true,
  };
}

function idsOf(storage: Group | StorageSection): readonly unknown[] {
  return listIn(storage, 'config').map((one) => valueIn(one, 'id'));
}

function disk(storage: Group): Group {
  const first = listIn(storage, 'config')[0];
  return isGroup(first) ? first : {};
}

function entry(storage: Group, id: string): Group | undefined {
  return listIn(storage, 'config')
    .filter(isGroup)
    .find((one) => one['id'] === id);
}

function sizeOf(storage: Group, name: 'ESP' | 'rootA'): number {
  const size = parseStorageSize(entry(storage, partitionId(name))?.['size']);
  return size instanceof Problem || size.kind !== 'bytes' ? 0 : size.bytes;
}

function remark({ path, expected, actual }: Difference): Remark {
  if (expected === undefined) {
    const fix = "take it out: micro-linux's own installer does not act on it";
    return { rule: 'not-honoured', path, at: 'key', problem: 'is not acted on', fix };
  }
  const plain = typeof expected !== 'object';
  return {
    rule: 'not-honoured',
    path,
    problem: actual === undefined ? 'is missing' : 'differs from the only layout there is',
    fix: plain
      ? `write ${typeof expected === 'string' ? show(expected) : String(expected)}`
      : 'write it as `micro-linux seed` does',
  };
}
