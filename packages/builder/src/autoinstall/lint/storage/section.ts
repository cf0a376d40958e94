import {
  type Group,
  isGroup,
  type KeyPath,
  Problem,
  parseStorageSize,
} from '@micro-linux/provision';
import type { Remark } from '../../check/finding.ts';
import { advise } from '../advice.ts';
import { isGiven } from './action.ts';
import { layoutRemarks } from './layout.ts';
import { BOOLEAN, shown, TEXT, TEXTS, type ValueType } from './value-types.ts';

/** `version` is a key of curtin. The installer's own examples have it, and it does nothing. */
const STORAGE_KEYS = ['layout', 'config', 'swap', 'grub', 'version'];

/** Keys of `grub` whose values curtin reads strictly; it converts other values to booleans. */
const GRUB: Readonly<Record<string, ValueType>> = {
  reorder_uefi: BOOLEAN,
  remove_duplicate_entries: BOOLEAN,
  remove_old_uefi_loaders: BOOLEAN,
  terminal: TEXT,
  install_devices: {
    has: (value) => TEXT.has(value) || TEXTS.has(value),
    what: 'a list of texts',
    fix: TEXTS.fix,
  },
};
const LENIENT = [
  ...[
    'probe_additional_os',
    'reorder_uefi_force_fallback',
    'replace_linux_default',
    'update_nvram',
  ],
];
const SWAP_SIZES = ['size', 'maxsize'];
const SWAP_KEYS = [...SWAP_SIZES, 'filename', 'force'];

/** `storage` as a whole, except the entries of `config`. */
export function sectionRemarks(storage: Group, path: KeyPath): Remark[] {
  const config = storage['config'];
  return [
    ...unknownKeys(storage, STORAGE_KEYS, path),
    ...version(storage, path),
    ...('layout' in storage && 'config' in storage
      ? [form([...path, 'config'], 'is ignored: `layout` wins', 'keep one of the two')]
      : []),
    ...('layout' in storage || 'config' in storage
      ? []
      : [
          form(
            path,
            'has neither layout nor config: the installer fails with "did not mount root"',
            'write layout: {name: lvm}, or remove storage for the same',
          ),
        ]),
    ...(config !== undefined && !Array.isArray(config)
      ? [form([...path, 'config'], 'must be a list', 'write each entry after `- `')]
      : []),
    ...('layout' in storage ? layoutRemarks(storage['layout'], [...path, 'layout']) : []),
    ...swap(storage['swap'], [...path, 'swap']),
    ...grub(storage['grub'], [...path, 'grub']),
  ];
}

function version(storage: Group, path: KeyPath): Remark[] {
  const value = storage['version'];
  return value === undefined || value === 1
    ? []
    : [
        {
          rule: 'storage-ignored',
          path: [...path, 'version'],
          problem: 'has no effect here: the installer partitions by its version 1',
          fix: 'write subiquity-storage-version=2 on the kernel line of the medium instead',
        },
      ];
}

/** The swap file that curtin makes at the end of the installation. */
function swap(value: unknown, path: KeyPath): Remark[] {
  if (!isGiven(value)) {
    return [];
  }
  if (!isGroup(value)) {
    return [form(path, 'must be a group of keys', 'write swap: {size: 0}')];
  }
  return [
    ...unknownKeys(value, SWAP_KEYS, path),
    ...SWAP_SIZES.filter((key) => isGiven(value[key]) && !isSwapSize(value[key])).map(
      (key): Remark => ({
        rule: 'storage-size',
        path: [...path, key],
        problem: `${shown(value[key])} is a size the installer cannot read`,
        fix: 'write bytes, 512M or 4G; units count in powers of 1024',
      }),
    ),
    ...('filename' in value && value['filename'] !== null && typeof value['filename'] !== 'string'
      ? [form([...path, 'filename'], 'must be text', 'write filename: /swap.img')]
      : []),
  ];
}

/** Curtin converts the size to text first, so the same rules apply to a number. */
function isSwapSize(value: unknown): boolean {
  const size = parseStorageSize(String(value));
  return Number(value) === 0 || (!(size instanceof Problem) && size.kind === 'bytes');
}

function grub(value: unknown, path: KeyPath): Remark[] {
  if (value === undefined || value === null) {
    return [];
  }
  if (!isGroup(value)) {
    return [form(path, 'must be a group of keys', 'write grub: {reorder_uefi: false}')];
  }
  return [
    ...unknownKeys(value, [...Object.keys(GRUB), ...LENIENT], path),
    ...Object.entries(GRUB).flatMap(([key, type]) =>
      key in value && !type.has(value[key]) && !(key === 'install_devices' && value[key] === null)
        ? [
            form(
              [...path, key],
              `is ${shown(value[key])}, and must be ${type.what}`,
              type.fix(value[key]),
            ),
          ]
        : [],
    ),
  ];
}

function unknownKeys(group: Group, known: readonly string[], path: KeyPath): Remark[] {
  return Object.keys(group)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      rule: 'unknown-key',
      path: [...path, key],
      at: 'key',
      problem: 'is not a key here: the installer ignores it',
      fix: advise(key, '', known),
    }));
}

function form(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'storage-form', path, problem, fix };
}
