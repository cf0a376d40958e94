import { constructYaml } from './construct.ts';
import type { Node } from './node.ts';
import { isKey, type PyKey, type PyValue } from './value.ts';

/** Maximum number of values, aliases expanded: far more than a seed for a thousand disks has. */
const MAXIMUM_VALUES = 200_000;

/** Thrown for a value that contains itself or that aliases multiply beyond the limit. */
export class EndlessValue extends Error {}

/**
 * The value as JSON, plus what JSON lacks: a `Date` for a timestamp, a `Set`, and a `Uint8Array`
 * for bytes. Keys are texts, as {@link keyText} returns them.
 *
 * @throws EndlessValue
 */
export function plainValue(value: PyValue): unknown {
  const around = new Set<PyValue>();
  let left = MAXIMUM_VALUES;
  const plain = (one: PyValue): unknown => {
    left--;
    if (left < 0 || around.has(one)) {
      throw new EndlessValue();
    }
    if (typeof one !== 'object' || one === null) {
      return one;
    }
    if (one.type === 'list' || one.type === 'dict') {
      around.add(one);
      const made =
        one.type === 'list'
          ? one.items.map(plain)
          : Object.fromEntries(
              [...one.entries.values()].map((entry) => [keyText(entry.key), plain(entry.value)]),
            );
      around.delete(one);
      return made;
    }
    switch (one.type) {
      case 'set':
        return new Set([...one.entries.values()].map(keyText));
      case 'int':
        return Number(one.value);
      case 'timestamp':
        return new Date(one.text);
      case 'float':
      case 'bytes':
        return one.value;
    }
  };
  return plain(value);
}

/** A key as text: `1`, `true`, `null` if it is not a text. */
export function keyText(key: PyKey): string {
  if (typeof key !== 'object' || key === null) {
    return String(key);
  }
  switch (key.type) {
    case 'bytes':
      return Buffer.from(key.value).toString();
    case 'timestamp':
      return key.text;
    case 'int':
    case 'float':
      return String(key.value);
  }
}

/** The key of a pair as {@link plainValue} returns it. */
export function keyTextOf(key: Node): string {
  const made = constructYaml(key);
  return isKey(made) ? keyText(made) : '';
}
