import { type Group, groupIn, type KeyPath } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import { type Action, isOn } from './action.ts';

/** Whether the list has a root, and a boot loader's place for each firmware. */
export function bootRemarks(actions: readonly Action[], path: KeyPath): Remark[] {
  return [...root(actions, path), ...loader(actions, path)];
}

function root(actions: readonly Action[], path: KeyPath): Remark[] {
  // A dataset is mounted only if it says so: the installer reads a missing canmount as "off".
  const canMount = (properties: Group) =>
    properties['canmount'] === 'on' || isOn(properties['canmount']);
  const isRoot = ({ type, fields }: Action) => {
    const properties = groupIn(fields, 'properties');
    return (
      (type === 'mount' && fields['path'] === '/') ||
      (type === 'zpool' &&
        fields['mountpoint'] === '/' &&
        canMount(groupIn(fields, 'fs_properties'))) ||
      (type === 'zfs' &&
        canMount(properties) &&
        ('mountpoint' in properties ? properties['mountpoint'] : fields['volume']) === '/')
    );
  };
  return actions.some(isRoot)
    ? []
    : [
        {
          rule: 'storage-root',
          path,
          problem: 'mounts nothing at /: the installer fails with "did not mount root"',
          fix: 'add an entry: {type: mount, id: mount-root, device: …, path: /}',
        },
      ];
}

function loader(actions: readonly Action[], path: KeyPath): Remark[] {
  const bios = actions.some(({ type, fields }) => type === 'disk' && isOn(fields['grub_device']));
  const uefi = actions.some(
    (action) =>
      action.type === 'partition' && isOn(action.fields['grub_device']) && isEsp(action, actions),
  );
  if (bios && uefi) {
    return [];
  }
  const forBios = 'grub_device: true on the disk, and a partition of 1M with flag: bios_grub';
  const forUefi =
    'a partition with flag: boot and grub_device: true, with fstype: fat32, mounted at /boot/efi';
  if (!bios && !uefi) {
    return [
      {
        rule: 'storage-boot',
        path,
        problem: 'has no place for a boot loader: the installer fails with "did not create needed"',
        fix: `add for BIOS ${forBios}; for UEFI ${forUefi}`,
      },
    ];
  }
  return [
    {
      rule: 'storage-one-firmware',
      path,
      problem: `can be installed by ${bios ? 'BIOS' : 'UEFI'} only`,
      fix: `add ${bios ? forUefi : forBios}`,
    },
  ];
}

/** Whether a partition is mounted at the place of the UEFI boot loader. */
export function isEsp(partition: Action, actions: readonly Action[]): boolean {
  // Of several, the installer uses the last.
  const format = actions.findLast(
    ({ type, fields }) => type === 'format' && fields['volume'] === partition.id,
  );
  const mount = actions.findLast(
    ({ type, fields }) =>
      type === 'mount' && format !== undefined && fields['device'] === format.id,
  );
  return mount?.fields['path'] === '/boot/efi';
}
