import { groupIn, isGroup, type KeyPath, listIn } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import type { RuleId } from '../../check/rules.ts';
import type { Seed } from '../../seed/parse-seed.ts';
import { type Action, actionRemarks, readActions } from './action.ts';
import { bootRemarks } from './boot.ts';
import { diskRemarks } from './disks.ts';
import { fileSystemRemarks } from './file-systems.ts';
import { partitionRemarks } from './partitions.ts';
import { referenceRemarks } from './references.ts';
import { sectionRemarks } from './section.ts';
import {
  extendedRemarks,
  offsetRemarks,
  shareRemarks,
  sizeRemarks,
  tooLargeRemarks,
} from './sizes.ts';
import { stackRemarks } from './stacks.ts';

/**
 * The storage section, which Subiquity's schema does not cover.
 *
 * @param diskBytes size of the disk that the seed is for, if it is known.
 */
export function storageRemarks(seed: Seed, diskBytes: number | undefined): Remark[] {
  const storage = seed.autoinstall['storage'];
  const path = [...seed.base, 'storage'];
  if (!isGroup(storage)) {
    return [];
  }
  const config = listIn(storage, 'config');
  const list = [...path, 'config'];
  const actions = readActions(config, list);
  const found: Remark[] = [
    ...sectionRemarks(storage, path),
    ...('layout' in storage || !Array.isArray(storage['config'])
      ? []
      : [
          ...actionRemarks(config, list),
          ...referenceRemarks(actions),
          ...sizeRemarks(actions),
          ...shareRemarks(actions),
          ...extendedRemarks(actions),
          ...offsetRemarks(actions),
          ...tooLargeRemarks(actions, diskBytes),
          ...bootRemarks(actions, list),
          ...diskRemarks(actions, list),
          ...partitionRemarks(actions),
          ...fileSystemRemarks(actions),
          ...stackRemarks(actions),
        ]),
  ];
  return [...found, ...inNoVersion(found, list)];
}

/** A list that both partitioning methods refuse cannot be installed at all. */
function inNoVersion(found: readonly Remark[], path: KeyPath): Remark[] {
  const refusedBy = (rule: RuleId) => found.some((remark) => remark.rule === rule);
  return refusedBy('storage-version-1') && refusedBy('storage-version-2')
    ? [
        {
          rule: 'storage-form',
          path,
          problem:
            'cannot be installed: each of the two ways of partitioning refuses something in it',
          fix: 'fix all that the warnings of one of them name',
        },
      ]
    : [];
}

/** The entries of a seed's list. */
export function storageActions(seed: Seed): readonly Action[] {
  return readActions(listIn(groupIn(seed.autoinstall, 'storage'), 'config'), []);
}
