import { show } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import { type Action, isGiven, isOn } from './action.ts';
import { isEsp } from './boot.ts';
import { tableOf } from './partitions.ts';
import { shown } from './value-types.ts';

/** Maximum length of a label, as in mkfs of each file system; curtin cuts longer ones. */
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
/** Curtin makes a pool with a root for this format, and needs it mounted at /. */
const ZFS_ROOT = 'zfsroot';
const NAMES = [...Object.keys(LABELS), ZFS_ROOT];

/** File systems and where they are mounted. */
export function fileSystemRemarks(actions: readonly Action[]): Remark[] {
  return [
    ...actions.flatMap((action) =>
      action.type === 'format'
        ? format(action, actions)
        : action.type === 'mount'
          ? mount(action, actions)
          : [],
    ),
    ...zfsRoot(actions),
  ];
}

function format({ path, fields }: Action, actions: readonly Action[]): Remark[] {
  const { fstype, label } = fields;
  if (isGiven(fields['preserve'])) {
    return [];
  }
  if (typeof fstype !== 'string' || !NAMES.includes(fstype)) {
    const slip = nearest(String(fstype), NAMES);
    return 'fstype' in fields
      ? [
          {
            rule: 'storage-filesystem',
            path: [...path, 'fstype'],
            problem: `${shown(fstype)} is not a file system that the installer can make`,
            fix: slip === undefined ? 'write ext4, xfs, btrfs or fat32' : `did you mean ${slip}?`,
          },
        ]
      : [];
  }
  const limit = LABELS[fstype];
  const volume = fields['volume'];
  const divided = actions.some(
    (other) => other.type === 'partition' && other.fields['device'] === volume,
  );
  const on = actions.find(({ id, type }) => type === 'partition' && id === fields['volume']);
  return [
    ...(divided
      ? [
          {
            rule: 'storage-filesystem',
            path: [...path, 'volume'],
            problem: `${shown(volume)} is divided into partitions, and cannot also have a file system`,
            fix: 'write the id of one of its partitions',
          } as const,
        ]
      : []),
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
            problem: `${show(label)} has ${[...label].length} characters: ${fstype} allows ${limit}, and the rest is cut off`,
            fix: `write ${show([...label].slice(0, limit).join(''))}, or another short one`,
          } as const,
        ]
      : []),
  ];
}

function mount({ path: at, fields }: Action, actions: readonly Action[]): Remark[] {
  const { path, device, spec } = fields;
  const format = actions.find(({ type, id }) => type === 'format' && id === device);
  if ('path' in fields && !isGiven(path) && format !== undefined) {
    return format.fields['fstype'] === 'swap'
      ? []
      : [
          {
            rule: 'storage-action',
            path: [...at, 'path'],
            problem: 'is empty, which is for swap only',
            fix: 'write where to mount it: path: /srv',
          },
        ];
  }
  return [
    ...(typeof path === 'string' && !path.startsWith('/') && path !== 'none'
      ? [
          {
            rule: 'storage-value',
            path: [...at, 'path'],
            problem: `${show(path)} does not begin with a slash, as a place in fstab must`,
            fix: `write /${path}`,
          } as const,
        ]
      : []),
    ...('device' in fields || !isGiven(spec)
      ? []
      : [
          {
            rule: 'storage-ignored',
            path: [...at, 'spec'],
            problem: 'does not replace the device, which the installer needs',
            fix: 'write such a mount to /etc/fstab in late-commands',
          } as const,
        ]),
  ];
}

/** What curtin requires of a ZFS root made from one format. */
function zfsRoot(actions: readonly Action[]): Remark[] {
  const [root, second] = actions.filter(
    ({ type, fields }) => type === 'format' && fields['fstype'] === ZFS_ROOT,
  );
  if (root === undefined) {
    return [];
  }
  const wrong = (problem: string, fix: string, { path } = root): Remark => ({
    rule: 'storage-filesystem',
    path: [...path, 'fstype'],
    problem,
    fix,
  });
  const mounts = actions.filter(
    ({ type, fields }) =>
      type === 'mount' && (fields['path'] === '/' || fields['device'] === root.id),
  );
  const disk = actions.find(({ type, fields }) => type === 'disk' && isOn(fields['grub_device']));
  return [
    ...(second === undefined
      ? []
      : [wrong('is zfsroot, of which a list may have one', 'write another fstype', second)]),
    ...(mounts.length === 1 &&
    mounts[0]?.fields['device'] === root.id &&
    mounts[0].fields['path'] === '/'
      ? []
      : [
          wrong('is zfsroot, which must be the one mounted at /', 'mount it at / and nowhere else'),
        ]),
    ...(disk !== undefined && tableOf(disk) === 'gpt'
      ? []
      : [
          wrong(
            'is zfsroot, which needs a disk with ptable: gpt and grub_device: true',
            'add both to the disk',
          ),
        ]),
  ];
}
