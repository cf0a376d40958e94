import { show } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import type { Action } from './action.ts';
import { isEsp } from './boot.ts';

/** Characters that a label may have, by what mkfs of each file system takes. */
const LABELS: Readonly<Record<string, number>> = {
  ext4: 16,
  ext3: 16,
  ext2: 16,
  fat: 11,
  fat12: 11,
  fat16: 11,
  fat32: 11,
  vfat: 11,
  btrfs: 256,
  f2fs: 512,
  jfs: 16,
  ntfs: 32,
  reiserfs: 16,
  swap: 15,
  xfs: 12,
};

const FLAGS = [
  ...['bios_grub', 'boot', 'extended', 'home', 'linux', 'logical', 'lvm', 'mbr', 'msftres', 'prep'],
  ...['raid', 'swap', ''],
];

/** File systems, their labels, and the flags and numbers of partitions. */
export function fileSystemRemarks(actions: readonly Action[]): Remark[] {
  return actions.flatMap((action) =>
    action.type === 'format'
      ? format(action, actions)
      : action.type === 'partition'
        ? partition(action, actions)
        : [],
  );
}

function format({ path, fields }: Action, actions: readonly Action[]): Remark[] {
  const { fstype, label } = fields;
  if (typeof fstype !== 'string') {
    return [];
  }
  const limit = LABELS[fstype];
  const on = actions.find(({ id, type }) => type === 'partition' && id === fields['volume']);
  if (limit === undefined && fields['preserve'] !== true) {
    const slip = nearest(fstype, Object.keys(LABELS));
    return [
      {
        rule: 'storage-filesystem',
        path: [...path, 'fstype'],
        problem: `${show(fstype)} is no file system that the installer can make`,
        fix: slip === undefined ? 'write ext4, xfs, btrfs or fat32' : `did you mean ${slip}?`,
      },
    ];
  }
  return [
    ...(on !== undefined && isEsp(on, actions) && !/^v?fat/.test(fstype)
      ? [
          {
            rule: 'storage-filesystem',
            path: [...path, 'fstype'],
            problem: `${show(fstype)} is at /boot/efi, and UEFI reads FAT only`,
            fix: 'write fstype: fat32',
          } as const,
        ]
      : []),
    ...(typeof label === 'string' && limit !== undefined && [...label].length > limit
      ? [
          {
            rule: 'storage-label',
            path: [...path, 'label'],
            problem: `${show(label)} has ${[...label].length} characters, and ${fstype} takes ${limit}`,
            fix: `write ${show([...label].slice(0, limit).join(''))}, or another short one`,
          } as const,
        ]
      : []),
  ];
}

function partition(action: Action, actions: readonly Action[]): Remark[] {
  const { path, fields } = action;
  const { flag, number, device } = fields;
  const wrong = (key: string, problem: string, fix: string): Remark => ({
    rule: 'storage-action',
    path: [...path, key],
    problem,
    fix,
  });
  const earlier = actions.find(
    (other) =>
      other.type === 'partition' &&
      number !== undefined &&
      other.fields['device'] === device &&
      other.fields['number'] === number,
  );
  return [
    ...(flag !== undefined && typeof flag !== 'string'
      ? [wrong('flag', 'must be one word', 'write one flag: a partition has no two')]
      : typeof flag === 'string' && !FLAGS.includes(flag)
        ? [
            wrong(
              'flag',
              `${show(flag)} is no flag`,
              flag === 'esp' ? 'write boot' : `write ${nearest(flag, FLAGS) ?? 'linux'}`,
            ),
          ]
        : []),
    ...(earlier !== undefined && earlier !== action
      ? [wrong('number', `${number} is the number of ${earlier.id} too`, 'write another number')]
      : []),
  ];
}
