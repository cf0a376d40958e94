import { type Group, isGroup, type KeyPath, show, textIn } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import { advise } from '../advice.ts';
import { KINDS, keysOfKind } from './kinds.ts';

/** One entry of `storage.config`. */
export interface Action {
  readonly path: KeyPath;
  readonly type: string;
  /** Empty if it has none. */
  readonly id: string;
  readonly fields: Group;
}

/** The entries that can be made sense of. */
export function readActions(config: readonly unknown[], path: KeyPath): readonly Action[] {
  return config.flatMap((fields, index) => {
    const type = textIn(fields, 'type');
    return isGroup(fields) && type !== undefined && KINDS[type] !== undefined
      ? [{ path: [...path, index], type, id: textIn(fields, 'id') ?? '', fields }]
      : [];
  });
}

/** What is wrong with entries, each looked at alone. */
export function actionRemarks(config: readonly unknown[], path: KeyPath): Remark[] {
  const firstPlaces = new Map<string, number>();
  return config.flatMap((fields, index): Remark[] => {
    const at = [...path, index];
    if (!isGroup(fields)) {
      return [remark(at, 'must be a group of keys', 'write type, id and the other keys of it')];
    }
    const id = fields['id'];
    const first = typeof id === 'string' ? firstPlaces.get(id) : undefined;
    if (typeof id === 'string' && first === undefined) {
      firstPlaces.set(id, index);
    }
    return [
      ...kindRemarks(fields, at),
      ...(typeof id !== 'string' || id === ''
        ? [remark(at, 'has no id', 'write an id of its own: id: disk0')]
        : first !== undefined
          ? [
              remark(
                [...at, 'id'],
                `${show(id)} is the id of config[${first}] too`,
                'write an id that no other has',
              ),
            ]
          : []),
    ];
  });
}

function kindRemarks(fields: Group, at: KeyPath): Remark[] {
  const type = fields['type'];
  const kind = typeof type === 'string' ? KINDS[type] : undefined;
  if (typeof type !== 'string' || kind === undefined) {
    const names = Object.keys(KINDS);
    const slip = typeof type === 'string' ? nearest(type, names) : undefined;
    return [
      remark(
        typeof type === 'string' ? [...at, 'type'] : at,
        type === undefined
          ? 'has no type'
          : `${show(String(type))} is no type: the entry and all that build on it are passed over`,
        slip === undefined ? `write one of ${names.join(', ')}` : `did you mean ${slip}?`,
      ),
    ];
  }
  const keeps = fields['preserve'] === true;
  const needs = type === 'mount' && !('spec' in fields) ? [...kind.needs, 'device'] : kind.needs;
  const known = keysOfKind(kind);
  return [
    ...needs
      .filter((key) => !(key in fields) && !(keeps && key === 'size'))
      .map((key) => remark(at, `has no ${key}`, `write ${key}: and its value`)),
    ...Object.keys(fields)
      .filter((key) => !known.includes(key))
      .map(
        (key): Remark => ({
          rule: 'unknown-key',
          path: [...at, key],
          at: 'key',
          problem: `is no key of a ${type}: the installer passes over it`,
          fix: advise(key, '', known),
        }),
      ),
  ];
}

function remark(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'storage-action', path, problem, fix };
}
