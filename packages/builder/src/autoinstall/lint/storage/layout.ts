import { type Group, isGroup, type KeyPath, show, textIn } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import { advise } from '../advice.ts';

const STORAGE_KEYS = ['layout', 'config', 'swap', 'grub'];
const LAYOUT_KEYS = [
  ...['name', 'mode', 'match', 'ptable', 'password', 'sizing-policy', 'recovery-key', 'encrypted'],
  ...['reset-partition', 'reset-partition-only'],
];
const LAYOUTS = ['direct', 'lvm', 'zfs', 'hybrid'];

/** `storage` as a whole, and a layout that the installer makes up itself. */
export function layoutRemarks(storage: Group, path: KeyPath): Remark[] {
  const config = storage['config'];
  return [
    ...unknown(storage, STORAGE_KEYS, path),
    ...('layout' in storage && 'config' in storage
      ? [form([...path, 'config'], 'is passed over: `layout` wins', 'keep one of the two')]
      : []),
    ...(config !== undefined && !Array.isArray(config)
      ? [form([...path, 'config'], 'must be a list', 'write each entry after `- `')]
      : []),
    ...('layout' in storage ? layout(storage['layout'], [...path, 'layout']) : []),
  ];
}

function layout(value: unknown, path: KeyPath): Remark[] {
  const name = textIn(value, 'name');
  if (!isGroup(value) || name === undefined) {
    return [form(path, 'has no name', 'write name: direct, lvm or zfs')];
  }
  if (name === 'dd') {
    const problem = 'is "dd", with which the installer of 24.04 ends: "did not mount root"';
    return [form([...path, 'name'], problem, 'write direct, or a `config` in place of `layout`')];
  }
  const slip = nearest(name, LAYOUTS);
  return [
    ...unknown(value, LAYOUT_KEYS, path),
    ...(LAYOUTS.includes(name)
      ? []
      : [
          form(
            [...path, 'name'],
            `${show(name)} is no layout: the installer takes it for direct`,
            slip === undefined ? `write one of ${LAYOUTS.join(', ')}` : `did you mean ${slip}?`,
          ),
        ]),
  ];
}

function unknown(group: Group, known: readonly string[], path: KeyPath): Remark[] {
  return Object.keys(group)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      rule: 'unknown-key',
      path: [...path, key],
      at: 'key',
      problem: 'is no key of it: the installer passes over it',
      fix:
        key === 'version'
          ? 'take it out: the kernel argument subiquity-storage-version=2 decides'
          : advise(key, '', known),
    }));
}

function form(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'storage-form', path, problem, fix };
}
