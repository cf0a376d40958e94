import { checkDiskRanges, isGroup, type KeyPath, show } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import { advise } from '../advice.ts';
import { type Action, isOnForCurtin } from './action.ts';
import { shown } from './value-types.ts';

const RULE_KEYS = ['size', 'ssd', 'serial', 'model', 'vendor', 'path', 'id_path', 'devpath'];
/** Compared by fnmatch. */
const PATTERN_KEYS = ['serial', 'model', 'vendor', 'path', 'id_path', 'devpath'];
const KEYS = [...RULE_KEYS, 'install-media'];
const SIZES = ['largest', 'smallest'];

/** Which disk is used. */
export function diskRemarks(actions: readonly Action[], path: KeyPath): Remark[] {
  const disks = actions.filter(({ type }) => type === 'disk');
  return [
    ...disks.flatMap((disk) => [...oneDisk(disk), ...keptAndWiped(disk)]),
    ...(disks.length > 1
      ? [
          {
            rule: 'storage-many-disks',
            path,
            problem: 'lists several disks, whose partitions 24.04 places wrongly by its newer way',
            fix: 'list one disk, or leave subiquity-storage-version=2 out (LP 2146858)',
          } as const,
        ]
      : []),
  ];
}

function keptAndWiped({ fields, path }: Action): Remark[] {
  return isOnForCurtin(fields['preserve']) && isOnForCurtin(fields['wipe'])
    ? [
        wrong(
          [...path, 'wipe'],
          'does not go with preserve: the installer fails here',
          'remove wipe to keep the disk, or preserve to erase it',
        ),
      ]
    : [];
}

/** The rules of a layout for its only disk. */
export function layoutMatchRemarks(match: unknown, at: KeyPath): Remark[] {
  return Array.isArray(match)
    ? match.flatMap((one, index) => rules(one, [...at, index]))
    : rules(match, at);
}

function oneDisk({ fields, path }: Action): Remark[] {
  const match = fields['match'];
  const named = ['serial', 'path'].filter((key) => key in fields);
  if (match === undefined) {
    return named.length > 0 ? [] : [unsure(path, 'matches any disk, even the installation medium')];
  }
  const at = [...path, 'match'];
  if (named.length > 0) {
    return [
      unsure(at, `has no effect next to ${named.join(' and ')}`, `put ${named.join(', ')} into it`),
    ];
  }
  if (Array.isArray(match)) {
    return [
      ...(match.length === 0
        ? [wrong(at, 'is an empty list: it matches no disk', 'write match: {size: largest}')]
        : []),
      unsure(at, 'is a list, which 24.04.1 cannot read', 'write one group of rules'),
      ...match.flatMap((one, index) => rules(one, [...at, index])),
    ];
  }
  return rules(match, at);
}

function rules(match: unknown, at: KeyPath): Remark[] {
  if (!isGroup(match)) {
    return [wrong(at, 'must be a group of rules', 'write match: {size: largest}')];
  }
  const size = match['size'];
  const slip = nearest(String(size), SIZES);
  return [
    ...Object.keys(match)
      .filter((key) => !KEYS.includes(key))
      .map(
        (key): Remark => ({
          rule: 'unknown-key',
          path: [...at, key],
          at: 'key',
          problem: 'is not a rule: the installer ignores it, and may choose another disk',
          fix: advise(key, '', KEYS),
        }),
      ),
    ...PATTERN_KEYS.flatMap((key) => {
      const pattern = match[key];
      const problem = typeof pattern === 'string' ? checkDiskRanges(pattern) : undefined;
      return problem ? [wrong([...at, key], problem.what, problem.fix ?? '')] : [];
    }),
    ...PATTERN_KEYS.filter((key) => key in match && typeof match[key] !== 'string').map((key) =>
      wrong(
        [...at, key],
        `is ${shown(match[key])}, and must be text: the installer fails here`,
        'put the pattern in quotes',
      ),
    ),
    ...('ssd' in match && typeof match['ssd'] !== 'boolean'
      ? [wrong([...at, 'ssd'], 'must be true or false: it matches no disk', 'write ssd: true')]
      : []),
    ...(size !== undefined && !SIZES.includes(String(size))
      ? [
          wrong(
            [...at, 'size'],
            `${show(String(size))} is not one of ${SIZES.join(', ')}, and is ignored`,
            slip === undefined ? 'write one of these' : `did you mean ${slip}?`,
          ),
        ]
      : []),
    ...(size === undefined && match['ssd'] === undefined
      ? [unsure(at, 'has neither size nor ssd: only then are disks in use, as the medium, ignored')]
      : []),
  ];
}

function unsure(path: KeyPath, problem: string, fix = 'add match: {size: largest}'): Remark {
  return { rule: 'storage-disk', path, problem, fix };
}

function wrong(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'storage-action', path, problem, fix };
}
