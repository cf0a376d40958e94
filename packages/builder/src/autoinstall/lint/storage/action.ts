import { type Group, isGroup, type KeyPath, show, textIn } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import { advise } from '../advice.ts';
import { type Field, KINDS, type Kind, PASSED_OVER } from './kinds.ts';
import { shown } from './value-types.ts';

/** The id that other entries use; usually text. */
export type Id = string | number | boolean;

/** One entry of `storage.config`. */
export interface Action {
  readonly path: KeyPath;
  readonly type: string;
  /** Empty if it has none. */
  readonly id: Id;
  readonly fields: Group;
}

/** The entries that can be read. */
export function readActions(config: readonly unknown[], path: KeyPath): readonly Action[] {
  return config.flatMap((fields, index) => {
    const type = textIn(fields, 'type');
    return isGroup(fields) && type !== undefined && KINDS[type] !== undefined
      ? [{ path: [...path, index], type, id: idOf(fields) ?? '', fields }]
      : [];
  });
}

/** Whether a switch of an entry is on, as the installer reads it. */
export function isOn(value: unknown): boolean {
  return value === true || value === 1;
}

/** Whether the installer treats a value as given, by Python's truth rules. */
export function isGiven(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : isGroup(value)
      ? Object.keys(value).length > 0
      : Boolean(value);
}

/** What curtin reads as false; everything else is true, even `"no"`. */
const NO: readonly unknown[] = [
  false,
  undefined,
  null,
  0,
  '0',
  'False',
  'false',
  'None',
  'none',
  '',
];

/** Whether a switch is on as curtin reads it. */
export function isOnForCurtin(value: unknown): boolean {
  return !NO.includes(value);
}

/** What is wrong with single entries. */
export function actionRemarks(config: readonly unknown[], path: KeyPath): Remark[] {
  const firstPlaces = new Map<Id, number>();
  return config.flatMap((fields, index): Remark[] => {
    const at = [...path, index];
    if (!isGroup(fields)) {
      return [wrong(at, 'must be a group of keys', 'write type, id and its other keys')];
    }
    const id = idOf(fields);
    const first = id === undefined ? undefined : firstPlaces.get(id);
    if (id !== undefined && first === undefined) {
      firstPlaces.set(id, index);
    }
    return [
      ...kindRemarks(fields, at),
      ...(id === undefined
        ? [wrong(at, 'has no id', 'write an id of its own: id: disk0')]
        : first !== undefined
          ? [
              wrong(
                [...at, 'id'],
                `${shown(id)} is the id of config[${first}] too`,
                'write an id that no other entry has',
              ),
            ]
          : fields['type'] === 'device' && typeof id !== 'string'
            ? [wrong([...at, 'id'], 'must be text for a device', `put it in quotes: "${id}"`)]
            : []),
    ];
  });
}

function kindRemarks(fields: Group, at: KeyPath): Remark[] {
  const type = fields['type'];
  const kind = typeof type === 'string' ? KINDS[type] : undefined;
  if (typeof type !== 'string' || kind === undefined) {
    return [typeRemark(type, at)];
  }
  return [
    ...kind.needs
      .filter((key) => !(key in fields))
      .map((key) => wrong(at, `has no ${key}`, `write ${key}: and its value`)),
    ...Object.entries(fields).flatMap(([key, value]) =>
      keyRemarks(type, kind, key, value, [...at, key]),
    ),
  ];
}

function typeRemark(type: unknown, at: KeyPath): Remark {
  const names = Object.keys(KINDS);
  if (typeof type === 'string' && PASSED_OVER.includes(type)) {
    return {
      rule: 'storage-ignored',
      path: [...at, 'type'],
      problem: `${show(type)} is ignored by the installer, with everything built on it`,
      fix: 'remove the entry: only curtin supports it, not Subiquity',
    };
  }
  const slip = typeof type === 'string' ? nearest(type, names) : undefined;
  return wrong(
    type === undefined ? at : [...at, 'type'],
    type === undefined
      ? 'has no type'
      : `${shown(type)} is not a type: the entry and everything built on it are ignored`,
    slip === undefined ? `write one of ${names.join(', ')}` : `did you mean ${slip}?`,
  );
}

function keyRemarks(
  type: string,
  kind: Kind,
  key: string,
  value: unknown,
  path: KeyPath,
): readonly Remark[] {
  if (key === 'type' || key === 'id') {
    return [];
  }
  const field = kind.fields[key];
  if (field !== undefined) {
    return valueRemarks(field, value, path, kind.needs.includes(key));
  }
  if (kind.dropped.includes(key)) {
    return [
      {
        rule: 'storage-ignored',
        path,
        at: 'key',
        problem: 'is known to curtin, but the installer does not pass it on',
        fix: 'remove it: it does nothing here',
      },
    ];
  }
  return [
    {
      rule: 'unknown-key',
      path,
      at: 'key',
      problem: `is not a key of a ${type}: the installer ignores it`,
      fix: advise(key, '', ['type', 'id', ...Object.keys(kind.fields)]),
    },
  ];
}

function valueRemarks(field: Field, value: unknown, path: KeyPath, needed: boolean): Remark[] {
  const { type, otherwise } = field;
  // The same as leaving the key out.
  if ((value === null && !needed) || type.has(value)) {
    return [];
  }
  const found = field.secret ? 'must be' : `is ${shown(value)}, and must be`;
  return [
    otherwise === 'refuses'
      ? wrong(path, `${found} ${type.what}`, type.fix(value))
      : {
          rule: otherwise === 'misreads' ? 'storage-value' : 'storage-version-2',
          path,
          problem:
            otherwise === 'misreads'
              ? `${found} ${type.what}: the installer accepts it, but not as written`
              : `${found} ${type.what}: with subiquity-storage-version=2 the installer fails here`,
          fix: type.fix(value),
        },
  ];
}

function idOf(fields: Group): Id | undefined {
  const id = fields['id'];
  return (typeof id === 'string' && id !== '') || typeof id === 'number' || typeof id === 'boolean'
    ? id
    : undefined;
}

function wrong(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'storage-action', path, problem, fix };
}
