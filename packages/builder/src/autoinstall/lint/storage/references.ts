import type { KeyPath } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import type { Action } from './action.ts';
import { KINDS } from './kinds.ts';
import { shown } from './value-types.ts';

/** Ids of missing or later entries, of the wrong type, or already in use. */
export function referenceRemarks(actions: readonly Action[]): Remark[] {
  return [
    ...actions.flatMap((action, index) => ofAction(action, index, actions)),
    ...formattedTwice(actions),
  ];
}

/** One file system may be mounted in several places; of two on one volume, the first is lost. */
function formattedTwice(actions: readonly Action[]): Remark[] {
  const formats = actions.filter(({ type, fields }) => type === 'format' && 'volume' in fields);
  return formats.flatMap(({ path, fields }, index) => {
    const first = formats.findIndex((other) => other.fields['volume'] === fields['volume']);
    return first === index
      ? []
      : [
          {
            rule: 'storage-value',
            path: [...path, 'volume'],
            problem: `${shown(fields['volume'])} is formatted by ${formats[first]?.id} already`,
            fix: 'write the id of another volume, or remove one of the two',
          },
        ];
  });
}

function ofAction(action: Action, index: number, actions: readonly Action[]): Remark[] {
  return Object.entries(KINDS[action.type]?.refers ?? {}).flatMap(([key, types]) => {
    const value = action.fields[key];
    const path = [...action.path, key];
    const isList = action.type === 'raid' ? key !== 'container' : LISTS.includes(key);
    if (isList) {
      // Another check reports that it must be a list.
      return Array.isArray(value)
        ? value.flatMap((id, at) => one(id, types, [...path, at], actions, index))
        : [];
    }
    return value === undefined ? [] : one(value, types, path, actions, index);
  });
}

const LISTS = ['devices', 'vdevs'];

function one(
  id: unknown,
  types: readonly string[],
  path: KeyPath,
  actions: readonly Action[],
  index: number,
): Remark[] {
  const remark = (problem: string, fix: string): Remark[] => [
    { rule: 'storage-reference', path, problem, fix },
  ];
  const target = actions.find((other) => other.id !== '' && other.id === id);
  if (target === undefined) {
    const ids = actions.filter(({ type }) => types.includes(type)).map((other) => String(other.id));
    const slip = nearest(String(id), ids);
    return remark(
      `${shown(id)} is the id of nothing in the list`,
      slip === undefined ? `write the id of a ${words(types)}` : `did you mean ${slip}?`,
    );
  }
  if (actions.indexOf(target) >= index) {
    return remark(
      `${shown(target.id)} comes only later in the list`,
      `move the ${target.type} before this entry`,
    );
  }
  if (types.includes(target.type)) {
    return [];
  }
  const between = actions.find(
    (other) => types.includes(other.type) && other.fields['volume'] === target.id,
  );
  return remark(
    `${shown(target.id)} is a ${target.type}, and must be a ${words(types)}`,
    between === undefined
      ? `write the id of a ${words(types)}`
      : `write ${between.id}, its ${between.type}`,
  );
}

function words(types: readonly string[]): string {
  return types.join(' or ');
}
