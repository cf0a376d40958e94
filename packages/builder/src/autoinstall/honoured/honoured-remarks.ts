import type { z } from 'zod';
import type { KeyPath } from '../../config/key-path.ts';
import { show } from '../../config/problem.ts';
import type { Remark } from '../check/finding.ts';
import { groupIn, isGroup } from '../seed/group.ts';
import type { Seed } from '../seed/parse-seed.ts';
import { honouredSchema } from './honoured-schema.ts';
import { storageDifferences } from './honoured-storage.ts';

const HINT = "take it out: micro-linux's own installer does not act on it";

/** What micro-linux's own installer would have to pass over, or to guess. */
export function honouredRemarks({ autoinstall, base }: Seed): Remark[] {
  const issues = honouredSchema.safeParse(autoinstall).error?.issues ?? [];
  return [
    ...issues.flatMap((issue) => ofIssue(issue, base)),
    ...devices(groupIn(groupIn(autoinstall, 'network'), 'ethernets'), [
      ...base,
      ...['network', 'ethernets'],
    ]),
    ...(isGroup(autoinstall['storage'])
      ? storageDifferences(autoinstall['storage'], [...base, 'storage'])
      : []),
  ];
}

function ofIssue(issue: z.core.$ZodIssue, base: KeyPath): Remark[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? '' : part))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        rule: 'not-honoured',
        path: [...path, key],
        at: 'key',
        problem: 'is not acted on',
        fix: HINT,
      }));
    case 'invalid_value':
      return [
        different(path, `must be ${issue.values.map((one) => show(String(one))).join(' or ')}`),
      ];
    case 'too_small':
    case 'too_big':
      return [different(path, 'must have one entry')];
    default:
      return [different(path, 'must be there, in the form that `micro-linux seed` writes')];
  }
}

/** One device, or several that all ask by DHCP: which one has an address is else not known. */
function devices(ethernets: Readonly<Record<string, unknown>>, path: KeyPath): Remark[] {
  const all = Object.values(ethernets);
  const isStatic = (device: unknown) => isGroup(device) && 'addresses' in device;
  return all.length === 0 || (all.length > 1 && all.some(isStatic))
    ? [different(path, 'must be one device, or several that ask by DHCP')]
    : [];
}

function different(path: KeyPath, problem: string): Remark {
  return { rule: 'not-honoured', path, problem, fix: 'write it as `micro-linux seed` does' };
}
