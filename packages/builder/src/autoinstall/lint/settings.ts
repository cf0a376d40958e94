import { groupIn, type KeyPath, textIn } from '@micro-linux/provision';
import { checkTimezone } from '../../config/timezone.ts';
import type { Remark } from '../check/finding.ts';
import type { Seed } from '../seed/parse-seed.ts';
import { keyboardRemarks } from './keyboard.ts';

/** Values that the schema accepts, but that end the installation when Subiquity reads them. */
export function settingRemarks({ autoinstall, base }: Seed): Remark[] {
  return [
    ...keyboardRemarks(groupIn(autoinstall, 'keyboard'), [...base, 'keyboard']),
    ...timeZoneRemarks(textIn(autoinstall, 'timezone'), [...base, 'timezone']),
    ...mirrorRemarks(groupIn(autoinstall, 'apt'), [...base, 'apt']),
  ];
}

type Settings = Readonly<Record<string, unknown>>;

function timeZoneRemarks(zone: string | undefined, path: KeyPath): Remark[] {
  if (zone === undefined || zone === '' || zone === 'geoip' || isOldName(zone)) {
    return [];
  }
  const problem = checkTimezone(zone);
  return problem === undefined
    ? []
    : [
        {
          rule: 'time-zone',
          path,
          problem: problem.what,
          fix: problem.fix ?? 'write a name of the tz database',
        },
      ];
}

/** Older names such as `US/Eastern` and `CET`: the installer has them if its tzdata does. */
function isOldName(zone: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    const same = timeZone.toLowerCase() === zone.toLowerCase();
    return /^[A-Z]/.test(zone) && (timeZone === zone || !same);
  } catch {
    return false;
  }
}

function mirrorRemarks(apt: Settings, path: KeyPath): Remark[] {
  return 'primary' in apt && 'mirror-selection' in apt
    ? [
        {
          rule: 'apt-mirrors',
          path: [...path, 'primary'],
          at: 'key',
          problem: 'cannot be used together with `mirror-selection`: the installation fails there',
          fix: 'keep only mirror-selection',
        },
      ]
    : [];
}
