import {
  type Group,
  isGroup,
  type KeyPath,
  Problem,
  parseStorageSize,
  show,
} from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import { advise } from '../advice.ts';
import { isGiven } from './action.ts';
import { layoutMatchRemarks } from './disks.ts';
import { oneOf, shown } from './value-types.ts';

const KEYS = [
  ...['name', 'mode', 'match', 'ptable', 'password', 'sizing-policy', 'recovery-key', 'encrypted'],
  ...['reset-partition', 'reset-partition-only'],
];
const NAMES = ['direct', 'lvm', 'zfs', 'hybrid'];
const MODES = oneOf('reformat_disk', 'use_gap');
const SIZING_POLICIES = oneOf('scaled', 'all');
const TABLES = oneOf('gpt', 'msdos');
const RECOVERY_KEYS = ['backup-location', 'live-location'];

/** A layout that the installer generates itself. */
export function layoutRemarks(layout: unknown, path: KeyPath): Remark[] {
  const name = isGroup(layout) ? layout['name'] : undefined;
  if (!isGroup(layout) || name === undefined) {
    return [form(path, 'has no name', 'write name: direct, lvm or zfs')];
  }
  if (name === 'dd') {
    const problem = 'is "dd", with which the installer of 24.04 fails: "did not mount root"';
    return [form([...path, 'name'], problem, 'write direct, or a `config` instead of `layout`')];
  }
  return [
    ...Object.keys(layout)
      .filter((key) => !KEYS.includes(key))
      .map(
        (key): Remark => ({
          rule: 'unknown-key',
          path: [...path, key],
          at: 'key',
          problem: 'is not a key of a layout: the installer ignores it',
          fix: advise(key, '', KEYS),
        }),
      ),
    ...nameRemarks(name, path),
    ...disk(layout, path),
    ...(name === 'lvm' ? lvm(layout, path) : []),
    ...(name === 'hybrid' ? [] : password(layout, name, path)),
    ...reset(layout, path),
  ];
}

function nameRemarks(name: unknown, path: KeyPath): Remark[] {
  const text = String(name);
  if (typeof name === 'string' && NAMES.includes(name)) {
    return name === 'hybrid'
      ? [
          {
            rule: 'storage-value',
            path: [...path, 'name'],
            problem: 'is "hybrid", with which the installer fails on any source but Ubuntu Core',
            fix: 'write direct, lvm or zfs',
          },
        ]
      : [];
  }
  const slip = nearest(text, NAMES);
  return [
    form(
      [...path, 'name'],
      `${shown(name)} is not a layout: the installer uses direct instead`,
      slip === undefined ? `write one of ${NAMES.join(', ')}` : `did you mean ${slip}?`,
    ),
  ];
}

function disk(layout: Group, path: KeyPath): Remark[] {
  const { mode, ptable, match } = layout;
  return [
    ...('mode' in layout && !MODES.has(mode)
      ? [form([...path, 'mode'], `${shown(mode)} must be ${MODES.what}`, MODES.fix(mode))]
      : []),
    ...(ptable !== undefined && ptable !== null && ptable !== '' && !TABLES.has(ptable)
      ? [form([...path, 'ptable'], `${shown(ptable)} must be ${TABLES.what}`, TABLES.fix(ptable))]
      : []),
    ...('match' in layout ? layoutMatchRemarks(match, [...path, 'match']) : []),
  ];
}

function lvm(layout: Group, path: KeyPath): Remark[] {
  const policy = layout['sizing-policy'];
  const key = layout['recovery-key'];
  return [
    ...(policy !== undefined && policy !== null && !SIZING_POLICIES.has(policy)
      ? [
          form(
            [...path, 'sizing-policy'],
            `${shown(policy)} must be ${SIZING_POLICIES.what}`,
            SIZING_POLICIES.fix(policy),
          ),
        ]
      : []),
    ...('recovery-key' in layout ? recovery(layout, key, [...path, 'recovery-key']) : []),
  ];
}

function recovery(layout: Group, key: unknown, at: KeyPath): Remark[] {
  if (typeof key !== 'boolean' && !isGroup(key)) {
    return [form(at, 'must be true, false or a group of keys', 'write recovery-key: true')];
  }
  const places = isGroup(key) ? key : {};
  return [
    ...(isGiven(key) && (layout['password'] ?? null) === null
      ? [form(at, 'needs a password', 'add password: to the layout')]
      : []),
    ...Object.keys(places)
      .filter((name) => !RECOVERY_KEYS.includes(name))
      .map(
        (name): Remark => ({
          rule: 'unknown-key',
          path: [...at, name],
          at: 'key',
          problem: 'is not a key of a recovery key: the installer ignores it',
          fix: advise(name, '', RECOVERY_KEYS),
        }),
      ),
    ...RECOVERY_KEYS.filter(
      (name) => (places[name] ?? null) !== null && typeof places[name] !== 'string',
    ).map((name) => form([...at, name], 'must be a path', 'write it in quotes')),
  ];
}

function password(layout: Group, name: unknown, path: KeyPath): Remark[] {
  const value = layout['password'];
  if (value === undefined || value === null || typeof value === 'string') {
    return name === 'lvm' || name === 'zfs' || !isGiven(value)
      ? []
      : [
          {
            rule: 'storage-value',
            path: [...path, 'password'],
            problem: `does nothing with ${show(String(name))}: the disk is not encrypted`,
            fix: 'write name: lvm',
          },
        ];
  }
  return [form([...path, 'password'], 'must be text (value not shown)', 'put it in quotes')];
}

function reset(layout: Group, path: KeyPath): Remark[] {
  const size = layout['reset-partition'];
  const only = layout['reset-partition-only'];
  return [
    ...sizeRemarks(size, [...path, 'reset-partition']),
    ...(only !== undefined && only !== null && typeof only !== 'boolean'
      ? [
          {
            rule: 'storage-value',
            path: [...path, 'reset-partition-only'],
            problem: `is ${shown(only)}, and must be true or false`,
            fix: 'write true or false, without quotes',
          } as const,
        ]
      : []),
  ];
}

/** Only a text or a whole number is read as a size; anything else as a boolean. */
function sizeRemarks(size: unknown, path: KeyPath): Remark[] {
  if (typeof size === 'boolean' || !isGiven(size)) {
    return [];
  }
  if (typeof size !== 'string' && !Number.isInteger(size)) {
    return [
      {
        rule: 'storage-value',
        path,
        problem: `is ${shown(size)}, which the installer reads as true`,
        fix: 'write true, bytes, 512M or 4G',
      },
    ];
  }
  const read = parseStorageSize(size);
  return read instanceof Problem || read.kind !== 'bytes'
    ? [
        {
          rule: 'storage-size',
          path,
          problem: `${shown(size)} is a size the installer cannot read`,
          fix: 'write true, bytes, 512M or 4G',
        },
      ]
    : [];
}

function form(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'storage-form', path, problem, fix };
}
