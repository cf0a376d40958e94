import { type KeyPath, show } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import type { Action } from './action.ts';
import { KINDS } from './kinds.ts';

/** Ids that lead nowhere, forward, to something of the wrong kind, or to what is taken already. */
export function referenceRemarks(actions: readonly Action[]): Remark[] {
  return [
    ...actions.flatMap((action, index) => ofAction(action, index, actions)),
    ...twice(actions, 'mount', 'device', 'mounted'),
    ...twice(actions, 'format', 'volume', 'formatted'),
  ];
}

/** What may be used once only, used again. */
function twice(actions: readonly Action[], type: string, key: string, done: string): Remark[] {
  const users = actions.filter((action) => action.type === type && key in action.fields);
  return users.flatMap(({ path, fields }, index) => {
    const first = users.findIndex((other) => other.fields[key] === fields[key]);
    return first === index
      ? []
      : [
          {
            rule: 'storage-reference',
            path: [...path, key],
            problem: `${show(String(fields[key]))} is ${done} by ${users[first]?.id} already`,
            fix: 'write the id of another one',
          },
        ];
  });
}

function ofAction(action: Action, index: number, actions: readonly Action[]): Remark[] {
  return Object.entries(KINDS[action.type]?.refers ?? {}).flatMap(([key, types]) => {
    const value = action.fields[key];
    const path = [...action.path, key];
    return Array.isArray(value)
      ? value.flatMap((id, at) => one(id, types, [...path, at], actions, index))
      : value === undefined
        ? []
        : one(value, types, path, actions, index);
  });
}

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
    const ids = actions.filter(({ type }) => types.includes(type)).map((other) => other.id);
    const slip = nearest(String(id), ids);
    return remark(
      `${show(String(id))} is the id of nothing in the list`,
      slip === undefined ? `write the id of a ${words(types)}` : `did you mean ${slip}?`,
    );
  }
  if (actions.indexOf(target) >= index) {
    return remark(
      `${show(target.id)} comes only later in the list`,
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
    `${show(target.id)} is a ${target.type}, and must be a ${words(types)}`,
    between === undefined
      ? `write the id of a ${words(types)}`
      : `write ${between.id}, the ${between.type} of it`,
  );
}

function words(types: readonly string[]): string {
  return types.join(' or ');
}
