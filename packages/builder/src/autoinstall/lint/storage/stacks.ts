import { isGroup } from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import { type Action, isGiven } from './action.ts';
import { shown } from './value-types.ts';

/** The least number of devices of a RAID level, as curtin counts. */
const MINIMUM_DEVICES: Readonly<Record<string, number>> = {
  raid0: 2,
  raid1: 2,
  raid5: 3,
  raid6: 4,
  raid10: 4,
  container: 2,
};
const LEVEL_NAMES: Readonly<Record<string, string>> = { stripe: 'raid0', mirror: 'raid1' };
const WITHOUT_SPARES = ['raid0', 'container'];
/** Values of ZFS's `canmount`; YAML reads on and off as booleans. */
const CAN_MOUNT: readonly unknown[] = ['on', 'off', 'noauto', true, false];

/** What is wrong with RAIDs, encrypted devices and ZFS as wholes. */
export function stackRemarks(actions: readonly Action[]): Remark[] {
  return actions.flatMap((action) =>
    action.type === 'raid'
      ? raid(action)
      : action.type === 'dm_crypt'
        ? crypt(action)
        : action.type === 'zpool'
          ? pool(action)
          : action.type === 'zfs'
            ? canMount(action, 'properties')
            : action.type === 'dasd'
              ? dasd(action)
              : [],
  );
}

/** The level of a RAID by its long name. */
function levelOf(value: unknown): string {
  const text = String(value);
  return LEVEL_NAMES[text] ?? (/^\d+$/.test(text) ? `raid${text}` : text);
}

function raid(action: Action): Remark[] {
  const { devices, spare_devices: spares, container, raidlevel, name } = action.fields;
  const level = levelOf(raidlevel);
  const needed = MINIMUM_DEVICES[level];
  const count = Array.isArray(devices) ? new Set(devices).size : 0;
  return [
    ...(isGiven(container)
      ? []
      : count === 0
        ? [wrong(action, 'devices', 'has no devices', 'write devices: [first, second]')]
        : needed !== undefined && count < needed
          ? [
              wrong(
                action,
                'devices',
                `are ${count}, and ${level} needs ${needed}`,
                'add devices, or write another raidlevel',
              ),
            ]
          : []),
    ...(Array.isArray(spares) && isGiven(spares) && WITHOUT_SPARES.includes(level)
      ? [wrong(action, 'spare_devices', `cannot be used by ${level}`, 'remove them')]
      : []),
    ...(typeof name === 'string' && /\//.test(name) && !/^\/dev\/md(\/|\d+$)/.test(name)
      ? [wrong(action, 'name', `${shown(name)} is not a name of a RAID`, 'write name: md0')]
      : []),
    ...(isGiven(action.fields['preserve']) && !isGiven(action.fields['path'])
      ? [
          wrong(
            action,
            'preserve',
            'keeps a RAID that has no path: the installer does not find it',
            'add path: /dev/md0, or remove preserve',
          ),
        ]
      : []),
  ];
}

function crypt(action: Action): Remark[] {
  const { key, keyfile, recovery_keyfile: recovery } = action.fields;
  const places = ['recovery_live_location', 'recovery_backup_location'];
  const missing = places.filter((place) => !isGiven(action.fields[place]));
  return [
    ...(isGiven(key) || (keyfile !== undefined && keyfile !== null)
      ? []
      : [wrong(action, 'key', 'has no key', 'write key: or keyfile:')]),
    ...(recovery !== undefined && recovery !== null && missing.length > 0
      ? [wrong(action, 'recovery_keyfile', `needs ${missing.join(' and ')}`, 'add these keys')]
      : []),
  ];
}

function pool(action: Action): Remark[] {
  const { encryption_style: style, keyfile } = action.fields;
  return [
    ...canMount(action, 'fs_properties'),
    ...(style === 'luks_keystore' && !isGiven(keyfile)
      ? [wrong(action, 'encryption_style', 'needs a keyfile', 'write keyfile: and its path')]
      : []),
  ];
}

function canMount(action: Action, key: string): Remark[] {
  const properties = action.fields[key];
  if (!isGroup(properties) || !('canmount' in properties)) {
    return [];
  }
  return CAN_MOUNT.includes(properties['canmount'])
    ? []
    : [
        {
          rule: 'storage-action',
          path: [...action.path, key, 'canmount'],
          problem: `is ${shown(properties['canmount'])}, and must be one of on, off, noauto`,
          fix: 'write "on", "off" or "noauto"',
        },
      ];
}

function dasd(action: Action): Remark[] {
  const id = action.fields['device_id'];
  return typeof id !== 'string' || /^[0-9a-f]{1,2}\.[0-9a-f]\.[0-9a-f]{4}$/i.test(id)
    ? []
    : [wrong(action, 'device_id', `${shown(id)} is not the id of a DASD`, 'write 0.0.1520')];
}

function wrong({ path, fields }: Action, key: string, problem: string, fix: string): Remark {
  return { rule: 'storage-action', path: key in fields ? [...path, key] : path, problem, fix };
}
